package org.biobert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.biobert.RunOptions.Unit;
import org.biobert.TrainerOptions.HeadKind;
import org.biobert.TrainerOptions.Preset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The four tasks taught, from examples and from files; options; what is refused. */
class TrainerTest extends WithModel {
    private static final TrainerOptions FAST = TrainerOptions.defaults().withPreset(Preset.FAST);

    @TempDir
    private Path directory;

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    private static double f1(Trainer trainer) {
        return json(trainer.eval()).getAsJsonObject("score").get("f1").getAsDouble();
    }

    private static Split split(int index) {
        return index % 3 == 2 ? Split.TEST : Split.TRAIN;
    }

    private static Range find(String text, String part) {
        int start = text.indexOf(part);
        return new Range(start, start + part.length());
    }

    private byte[] tensors(Trainer trainer, String name) throws Exception {
        try (Head head = trainer.head()) {
            head.save(directory.resolve(name));
        }
        return Files.readAllBytes(directory.resolve(name).resolve("head.safetensors"));
    }

    @Test
    void entities() {
        Path kept = directory.resolve("site");
        try (Trainer trainer = Trainer.create(model, Task.NER, FAST)) {
            for (int i = 0; i < 60; i++) {
                Fixtures.addSentence(trainer, split(i), i, Unit.UTF16_UNITS);
            }
            trainer.fit();
            assertEquals("ner", json(trainer.reportJson()).get("task").getAsString());
            assertTrue(f1(trainer) > 90, trainer.eval());
            try (Head head = trainer.head()) {
                head.save(kept);
            }
        }
        String note = "😀 Naïve: Swelling of her left knee since Monday. On metformin.";
        RunOptions options = RunOptions.defaults().withHeads("site", "chemical");
        Model taught;
        try (Head head = Head.open(kept)) {
            assertEquals("ner", json(head.infoJson()).get("task").getAsString());
            taught = model.withHead(head);
        }
        try (taught) {
            assertEquals(model.heads().size() + 1, taught.heads().size());
            List<String> found = taught.ner(note, options).spans().stream()
                    .map(e -> e.label() + " " + note.substring(e.start(), e.end()))
                    .collect(Collectors.toList());
            assertEquals(List.of("Site left knee", "Chemical metformin"), found);
        }
        // The model that it was made from is as it was.
        assertEquals(Status.NOT_FOUND, failure(() -> model.ner(note, options)));
    }

    @Test
    void relations() {
        String[][] verbs = {{"relieved his", "helps"}, {"was given for", "helps"}, {"cured the", "helps"},
            {"led to severe", "harms"}, {"was stopped because of", "harms"}, {"caused", "harms"}};
        String[] ends = {" today.", " last week.", ".", " again."};
        TrainerOptions options = FAST.withKinds("Drug", "Problem").withMasks("@DRUG$", "@PROBLEM$").withBalanced(true);
        try (Trainer trainer = Trainer.create(model, Task.RE, options)) {
            Random random = new Random(1);
            for (int i = 0; i < 120; i++) {
                String[] verb = verbs[random.nextInt(verbs.length)];
                String text = "😀 Zolen " + verb[0] + " cough" + ends[random.nextInt(ends.length)];
                trainer.addRe(split(i), text, find(text, "Zolen"), find(text, "cough"), verb[1]);
            }
            trainer.fit();
            assertTrue(f1(trainer) > 90, trainer.eval());
            try (Head head = trainer.head(); Model taught = model.withHead(head, "harm")) {
                assertEquals(List.of("harms", "helps"), taught.labels("harm"));
                String note = "Rivotrin caused nausea.";
                ReOptions given = ReOptions.defaults().withEntities(List.of(
                        new GivenEntity(0, 0, 8, "drug"), new GivenEntity(0, 16, 22, "problem")));
                List<Relation> found = taught.re(note, given, RunOptions.defaults().withHeads("harm")).relations();
                assertEquals(1, found.size());
                assertEquals("harms", found.get(0).label());
            }
        }
    }

    @Test
    void classes() {
        try (Trainer trainer = Trainer.create(model, Task.CLASSIFY, FAST)) {
            addDocuments(trainer, 150);
            trainer.fit();
            assertTrue(f1(trainer) > 90, trainer.eval());
            try (Head head = trainer.head(); Model taught = model.withHead(head, "kind")) {
                DocumentResult found = taught.classify("Take one tablet at night.", RunOptions.defaults().withHeads("kind"));
                assertEquals("drug", found.classes().get(0).label());
            }
        }
    }

    private static void addDocuments(Trainer trainer, int count) {
        String[][] documents = {{"Please come back in two weeks", "visit"}, {"We see him again in spring", "visit"},
            {"Take one tablet in the morning", "drug"}, {"Stop the capsules at once", "drug"}};
        String[] ends = {".", " then.", ", she said.", ", as agreed."};
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            String[] document = documents[random.nextInt(documents.length)];
            trainer.addClass(split(i), document[0] + ends[random.nextInt(ends.length)], document[1]);
        }
    }

    @Test
    void classesOfPairs() {
        try (Trainer trainer = Trainer.create(model, Task.CLASSIFY, FAST)) {
            for (int i = 0; i < 60; i++) {
                boolean smokes = i % 2 == 0;
                String text = (smokes ? "He smokes" : "He never smoked") + ". Seen on day " + i / 2 + ".";
                trainer.addClass(split(i), text, "Smokers only", smokes ? "met" : "not met");
            }
            trainer.fit();
            assertTrue(f1(trainer) > 90, trainer.eval());
            try (Head head = trainer.head(); Model taught = model.withHead(head, "criteria")) {
                DocumentResult found = taught.classify(
                        "He smokes. Seen today.", "Smokers only", RunOptions.defaults().withHeads("criteria"));
                assertEquals("met", found.classes().get(0).label());
            }
        }
    }

    @Test
    void answers() {
        String[] doses = {"5 mg", "20 mg", "two tablets", "100 units"};
        String[] drugs = {"insulin", "warfarin", "lithium"};
        String[] days = {"on Monday", "last week", "in May"};
        try (Trainer trainer = Trainer.create(model, Task.QA, FAST)) {
            Random random = new Random(1);
            for (int i = 0; i < 150; i++) {
                String dose = doses[random.nextInt(doses.length)];
                String drug = drugs[random.nextInt(drugs.length)];
                String day = days[random.nextInt(days.length)];
                String passage = day + " she was seen 😀. The dose of " + drug + " is " + dose + " now, he said.";
                switch (random.nextInt(3)) {
                    case 0:
                        trainer.addQa(split(i), "How much " + drug + "?", passage, find(passage, dose));
                        break;
                    case 1:
                        trainer.addQa(split(i), "When was she seen?", passage, find(passage, day));
                        break;
                    default:
                        trainer.addQa(split(i), "What is her address?", passage);
                }
            }
            trainer.fit();
            assertTrue(f1(trainer) > 85, trainer.eval());
            try (Head head = trainer.head(); Model taught = model.withHead(head, "doses")) {
                String passage = "in May she was seen. The dose of lithium is 300 mg now, he said.";
                Question question = Question.of("How much lithium?", passage);
                Answer best = taught.qa(question, QaOptions.defaults(), RunOptions.defaults().withHeads("doses")).answers().get(0);
                assertEquals("300 mg", passage.substring(best.start(), best.end()));
            }
        }
    }

    @Test
    void filesAreExamplesToo() throws Exception {
        Path words = directory.resolve("words.tsv");
        Files.writeString(words, IntStream.range(0, 30)
                .mapToObj(i -> "Pain\tO\nin\tO\nthe\tO\n" + Fixtures.PARTS[i % Fixtures.PARTS.length].replace(' ', '-') + "\tB\n\n")
                .collect(Collectors.joining()));
        Path notes = directory.resolve("notes.jsonl");
        Files.writeString(notes, "{\"text\": \"😀 My liver.\", \"entities\": [{\"start\": 6, \"end\": 11, \"label\": \"Site\"}]}\n");
        Path wrong = directory.resolve("wrong.jsonl");
        Files.writeString(wrong, Files.readString(notes) + "{}\n");
        try (Trainer trainer = Trainer.create(model, Task.NER, FAST.withEntity("Site"))) {
            trainer.addFile(Split.TRAIN, words);
            trainer.addFile(Split.DEV, notes);
            trainer.addFile(Split.TEST, notes);
            BiobertException e = assertThrows(BiobertException.class, () -> trainer.addFile(Split.TRAIN, wrong));
            assertTrue(e.getMessage().contains("wrong.jsonl") && e.getMessage().contains("2"), e.getMessage());
            assertFalse(e.getMessage().contains(directory.toString()), e.getMessage());
            assertEquals(Status.NOT_FOUND, failure(() -> trainer.addFile(Split.TRAIN, directory.resolve("none.tsv"))));
            trainer.fit();
            assertEquals(1, json(trainer.reportJson()).get("held_out").getAsInt());
            assertEquals("[\"O\",\"B-Site\",\"I-Site\"]", json(trainer.reportJson()).getAsJsonArray("labels").toString());
        }
    }

    @Test
    void oneSeedGivesOneHeadInEveryUnit() throws Exception {
        TrainerOptions options = FAST.withHeadKind(HeadKind.MIX);
        List<byte[]> found = new ArrayList<>();
        for (Unit unit : Unit.values()) {
            try (Trainer trainer = Trainer.create(model, Task.NER, options.withUnit(unit))) {
                Fixtures.addSentences(trainer, unit);
                trainer.fit();
                found.add(tensors(trainer, unit.name()));
            }
        }
        assertArrayEquals(found.get(0), found.get(1));
        assertArrayEquals(found.get(0), found.get(2));
        try (Trainer trainer = Trainer.create(model, Task.NER, options.withSeed(-1))) {
            Fixtures.addSentences(trainer, Unit.UTF16_UNITS);
            trainer.fit();
            assertFalse(Arrays.equals(found.get(0), tensors(trainer, "other")));
        }
    }

    @Test
    void optionsReachTheLibrary() throws Exception {
        Path work = directory.resolve("work");
        TrainerOptions options = FAST.withLicence("CC0-1.0")
                .withDate("2026-11-21")
                .withHeadKind(HeadKind.LINEAR)
                .withRefit(true)
                .withWorkPath(work)
                .withNegative("visit")
                .withMaxFeatureBytes(1L << 30);
        try (Trainer trainer = Trainer.create(model, Task.CLASSIFY, options)) {
            addDocuments(trainer, 60);
            List<Boolean> worked = new ArrayList<>();
            trainer.fit(progress -> worked.add(Files.exists(work)));
            assertFalse(worked.contains(false));
            assertFalse(Files.exists(work));
            assertEquals("linear", json(trainer.reportJson()).get("head_kind").getAsString());
            try (Head head = trainer.head()) {
                JsonObject info = json(head.infoJson());
                assertEquals("CC0-1.0", info.get("licence").getAsString());
                assertEquals("2026-11-21", info.get("date").getAsString());
            }
        }
        try (Trainer trainer = Trainer.create(model, Task.CLASSIFY, FAST.withMaxFeatureBytes(1))) {
            addDocuments(trainer, 60);
            assertEquals(Status.LIMIT, failure(trainer::fit));
        }
        assertEquals(Status.ARGUMENT, failure(() -> Trainer.create(model, Task.RE, FAST.withMasks("@A$", ""))));
        assertEquals(Status.ARGUMENT, failure(() -> Trainer.create(model, Task.RE, FAST.withHeadKind(HeadKind.LSTM_CRF))));
        assertThrows(IllegalArgumentException.class, () -> FAST.withMaxFeatureBytes(0));
        assertThrows(IllegalArgumentException.class, () -> FAST.withEntity("\ud83d"));
    }

    @Test
    void whatIsWrongIsRefusedAndNothingIsAdded() {
        try (Trainer trainer = Trainer.create(model, Task.NER)) {
            List<Mark> none = List.of();
            assertEquals(Status.ARGUMENT, failure(() ->
                    trainer.addNer(Split.TRAIN, "liver", List.of(new Mark(0, 6, "Site")))));
            assertEquals(Status.ARGUMENT, failure(() -> trainer.addNer(Split.TRAIN, "liver", List.of(new Mark(0, 5, "")))));
            assertEquals(Status.ARGUMENT, failure(() ->
                    trainer.addNer(Split.TRAIN, "😀 liver", List.of(new Mark(1, 8, "Site")))));
            assertEquals(Status.ARGUMENT, failure(() -> trainer.addNer(
                    Split.TRAIN, "liver", List.of(new Mark(0, 4, "Site"), new Mark(3, 5, "Site")))));
            assertEquals(Status.ENCODING, failure(() -> trainer.addNer(Split.TRAIN, "liver \ud83d", none)));
            Mark denied = new Mark(3, 8, "Problem", Assertion.Value.ABSENT);
            assertEquals(Status.ARGUMENT, failure(() -> trainer.addAssertion(Split.TRAIN, "No fever.", List.of(denied))));
            assertEquals(Status.ARGUMENT, failure(() -> trainer.addClass(Split.TRAIN, "liver", "organ")));
            assertEquals(Status.ARGUMENT, failure(() -> trainer.addClass(Split.TRAIN, "liver", "lung", "organ")));
            assertEquals(Status.ARGUMENT, failure(() ->
                    trainer.addRe(Split.TRAIN, "liver", new Range(0, 1), new Range(2, 3), "organ")));
            assertEquals(Status.ARGUMENT, failure(() -> trainer.addQa(Split.TRAIN, "What?", "liver", new Range(0, 5))));
            assertEquals(Status.ARGUMENT, failure(() -> trainer.addQa(Split.TRAIN, "What?", "liver")));
            assertEquals(Status.ARGUMENT, failure(trainer::reportJson));
            assertEquals(Status.ARGUMENT, failure(trainer::eval));
            assertEquals(Status.ARGUMENT, failure(trainer::head));
            trainer.addNer(Split.TRAIN, "No fever.", none);
            BiobertException e = assertThrows(BiobertException.class, trainer::fit);
            assertEquals("there is no entity in the training data", e.getMessage());
            assertThrows(NullPointerException.class, () -> trainer.addNer(null, "liver", none));
            assertThrows(NullPointerException.class, () -> trainer.addNer(Split.TRAIN, null, none));
            assertThrows(NullPointerException.class, () -> trainer.addNer(Split.TRAIN, "liver", null));
            assertThrows(NullPointerException.class, () -> trainer.addClass(Split.TRAIN, "liver", null, "organ"));
            assertThrows(NullPointerException.class, () -> trainer.addQa(Split.TRAIN, "What?", "liver", null));
            assertThrows(NullPointerException.class, () -> trainer.fit(null));
            assertThrows(IllegalArgumentException.class, () -> new Mark(-1, 2, "Site"));
            assertThrows(IllegalArgumentException.class, () -> new Range(0, -1));
        }
        assertThrows(NullPointerException.class, () -> Trainer.create(model, null));
    }

    @Test
    void assertionsAreLearnt() {
        try (Trainer trainer = Trainer.create(model, Task.ASSERTION, FAST)) {
            for (int i = 0; i < 20; i++) {
                Mark denied = new Mark(3, 8, "Problem", Assertion.Value.ABSENT);
                trainer.addAssertion(Split.TRAIN, "No fever on day " + i + ".", List.of(denied));
                Mark present = new Mark(0, 5, "Problem", Assertion.Value.PRESENT);
                trainer.addAssertion(Split.TRAIN, "Fever on day " + i + ".", List.of(present));
            }
            Mark bare = new Mark(0, 5, "Problem");
            assertEquals(Status.ARGUMENT, failure(() -> trainer.addAssertion(Split.TRAIN, "Fever.", List.of(bare))));
            trainer.fit();
            try (Head head = trainer.head()) {
                assertTrue(head.infoJson().contains("assertion"));
            }
        }
    }

    @Test
    void headsAreRefusedWhereTheyDoNotFit() throws Exception {
        Path kept = directory.resolve("site");
        assertEquals(Status.NOT_FOUND, failure(() -> Head.open(kept)));
        try (Head head = Fixtures.teach(model, FAST); Model tiny = engine.open(Fixtures.TINY)) {
            assertEquals(Status.MODEL, failure(() -> tiny.withHead(head)));
            assertEquals(Status.ARGUMENT, failure(() -> model.withHead(head, "disease")));
            assertEquals(Status.ARGUMENT, failure(() -> model.withHead(head, "../x")));
            assertThrows(NullPointerException.class, () -> model.withHead(head, null));
            head.save(kept);
            Path file = Files.writeString(directory.resolve("file"), "");
            assertThrows(BiobertException.class, () -> head.save(file));
        }
        Path tensors = kept.resolve("head.safetensors");
        byte[] bytes = Files.readAllBytes(tensors);
        Files.write(tensors, Arrays.copyOf(bytes, bytes.length - 4));
        assertEquals(Status.CORRUPT, failure(() -> Head.open(kept)));
    }

    private static Status failure(Runnable call) {
        return assertThrows(BiobertException.class, call::run).status();
    }
}
