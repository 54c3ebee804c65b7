package org.biobert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Engines, models and results as a program uses them, and what bad input gives. */
class ModelTest extends WithModel {
    private static Status failure(Runnable call) {
        BiobertException e = assertThrows(BiobertException.class, call::run);
        assertFalse(e.getMessage().isEmpty());
        assertTrue(e.toString().contains(e.status().toString()), e.toString());
        return e.status();
    }

    @Test
    void offsetsAreForSubstring() {
        List<String> found = model.ner(Fixtures.NOTE).spans().stream()
                .map(e -> e.label() + "=" + Fixtures.NOTE.substring(e.start(), e.end()))
                .collect(Collectors.toList());
        assertEquals(List.of("Disease=asthma", "Disease=hives", "Chemical=amoxicillin"), found);
    }

    @Test
    void aLabelIsKeptOnce() {
        List<Span> entities = model.ner(Fixtures.NOTE).spans();
        assertSame(entities.get(0).label(), entities.get(1).label());
    }

    @Test
    void logsAreTheSameInEveryLocale() {
        DocumentResult result = model.ner(Fixtures.NOTE);
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertTrue(result.toString().startsWith("BIOBERT_OK: 3 spans, 0 relations"), result.toString());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void relationsAreBetweenTheDocumentsEntities() {
        DocumentResult result = model.re(Fixtures.NOTE);
        Relation relation = result.relations().get(0);
        assertTrue(result.spans().stream().anyMatch(e -> e == relation.first()));
        assertTrue(result.spans().stream().anyMatch(e -> e == relation.second()));
        assertEquals("amoxicillin", Fixtures.NOTE.substring(relation.first().start(), relation.first().end()));
    }

    private static GivenEntity given(String word, String kind) {
        int start = Fixtures.NOTE.indexOf(word);
        return new GivenEntity(0, start, start + word.length(), kind);
    }

    private static OptionalInt blamed(GivenEntity entity) {
        ReOptions given = ReOptions.defaults().withEntities(List.of(entity));
        List<String> notes = List.of(Fixtures.NOTE, Fixtures.NOTE);
        return assertThrows(BiobertException.class, () -> model.re(notes, given, RunOptions.defaults())).docIndex();
    }

    @Test
    void givenEntitiesHaveNoHead() {
        ReOptions given = ReOptions.defaults()
                .withEntities(List.of(given("hives", "disease"), given("amoxicillin", "Chemical")))
                .withUnrelated(true);
        DocumentResult result = model.re(Fixtures.NOTE, given, RunOptions.defaults());
        assertEquals(List.of("", ""), result.spans().stream().map(Span::head).collect(Collectors.toList()));
        assertFalse(result.relations().isEmpty());
        ReOptions none = ReOptions.defaults().withEntities(List.of());
        assertEquals(List.of(), model.re(Fixtures.NOTE, none, RunOptions.defaults()).spans());
        ReOptions outside = ReOptions.defaults().withEntities(List.of(new GivenEntity(0, 50, 500, "disease")));
        assertEquals(Status.ARGUMENT, failure(() -> model.re(Fixtures.NOTE, outside, RunOptions.defaults())));
        assertThrows(IllegalArgumentException.class, () -> new GivenEntity(0, -1, 2, "disease"));

        // The document with the impossible entity is to blame; one that does not exist is not.
        assertEquals(OptionalInt.of(1), blamed(new GivenEntity(1, 50, 500, "disease")));
        assertEquals(OptionalInt.empty(), blamed(new GivenEntity(2, 0, 3, "disease")));
    }

    @Test
    void answersSayWhichPassage() {
        Question question = Question.of("What did the urine culture grow?", "Chest film clear.", "Urine culture grew Escherichia coli.");
        DocumentResult result = model.qa(question);
        Answer best = result.answers().get(0);
        assertEquals("Escherichia coli", question.passages().get(best.passage()).substring(best.start(), best.end()));
        assertEquals(-best.score(), result.noAnswer().getAsDouble());
        assertEquals(Double.POSITIVE_INFINITY, model.qa(Question.of("What grew?")).noAnswer().getAsDouble());
        assertTrue(model.ner("fever").noAnswer().isEmpty());
        assertEquals(2, model.qa(List.of(question), QaOptions.defaults().withTop(2), RunOptions.defaults())
                .get(0).answers().size());
    }

    @Test
    void vectorsAreCopies() {
        EmbedOptions tokens = EmbedOptions.defaults().withTokens(true).withNormalize(true);
        DocumentResult result = model.embed(Fixtures.NOTE, tokens, RunOptions.defaults());
        float[] vector = result.embedding();
        double length = 0;
        for (float x : vector) {
            length += (double) x * x;
        }
        assertEquals(1, length, 1e-5);
        assertNotSame(vector, result.embedding());
        assertArrayEquals(vector, result.embedding());
        assertEquals(result.tokens().size(), result.states().size());
        assertEquals(vector.length, result.states().get(0).length);
        assertThrows(IndexOutOfBoundsException.class, () -> result.states().get(result.tokens().size()));
        assertThrows(IndexOutOfBoundsException.class, () -> result.states().get(-1));
        float[] cls = model.embed(Fixtures.NOTE, tokens.withPooling(EmbedOptions.Pooling.CLS), RunOptions.defaults())
                .embedding();
        assertFalse(Arrays.equals(vector, cls));
        float[] own = model.embed(Fixtures.NOTE).embedding();
        EmbedOptions model0 = EmbedOptions.defaults().withPooling(EmbedOptions.Pooling.MODEL);
        assertArrayEquals(own, model.embed(Fixtures.NOTE, model0, RunOptions.defaults()).embedding());
        float[] layer = model.embed(Fixtures.NOTE, EmbedOptions.defaults().withLayer(6), RunOptions.defaults())
                .embedding();
        EmbedOptions mean = EmbedOptions.defaults().withPooling(EmbedOptions.Pooling.MEAN);
        assertArrayEquals(layer, model.embed(Fixtures.NOTE, mean, RunOptions.defaults()).embedding());
        assertFalse(Arrays.equals(own, layer));
        assertEquals(0, model.ner(Fixtures.NOTE).embedding().length);
        assertEquals(Status.ARGUMENT, failure(() ->
                model.embed("fever", EmbedOptions.defaults().withLayer(99), RunOptions.defaults())));
    }

    @Test
    void classesHold() {
        DocumentResult result = model.classify("He developed hives after penicillin.");
        assertTrue(result.classes().stream().anyMatch(ClassScore::holds));
        assertEquals(result.classes(), model.classify(List.of("He developed hives after penicillin.")).get(0).classes());
        assertEquals(1, model.classify(List.of("a"), List.of("b"), RunOptions.defaults()).size());
        assertThrows(IllegalArgumentException.class, () ->
                model.classify(List.of("a", "b"), List.of("c"), RunOptions.defaults()));
    }

    @Test
    void aBadDocumentDoesNotFailTheOthers() {
        List<DocumentResult> results = model.ner(List.of("asthma", "secret \ud83d word", "gout"));
        assertEquals(Status.OK, results.get(0).status());
        assertEquals(1, results.get(2).spans().size());
        DocumentResult bad = results.get(1);
        assertEquals(Status.ENCODING, bad.status());
        assertEquals("invalid UTF-16 at unit 7", bad.message());
        assertFalse(bad.windowed() || bad.truncated() || bad.replacedInvalid());
        assertEquals(Status.ENCODING, failure(bad::spans));
        assertEquals(OptionalInt.of(1), assertThrows(BiobertException.class, bad::spans).docIndex());
        assertEquals(Status.ENCODING, failure(bad::relations));
        assertEquals(Status.ENCODING, failure(bad::answers));
        assertEquals(Status.ENCODING, failure(bad::noAnswer));
        assertEquals(Status.ENCODING, failure(bad::classes));
        assertEquals(Status.ENCODING, failure(bad::sentences));
        assertEquals(Status.ENCODING, failure(bad::tokens));
        assertEquals(Status.ENCODING, failure(bad::embedding));
        assertEquals(Status.ENCODING, failure(bad::states));
    }

    @Test
    void oneBadDocumentThrows() {
        String text = "secret \ud83d word";
        RunOptions defaults = RunOptions.defaults();
        assertEquals(Status.ENCODING, failure(() -> model.ner(text)));
        assertEquals(Status.ENCODING, failure(() -> model.re(text)));
        assertEquals(Status.ENCODING, failure(() -> model.qa(Question.of("Who?", text))));
        assertEquals(Status.ENCODING, failure(() -> model.classify(text)));
        assertEquals(Status.ENCODING, failure(() -> model.classify("fine", text)));
        assertEquals(Status.ENCODING, failure(() -> model.embed(text)));
        assertEquals(Status.ENCODING, failure(() -> engine.sentences(text)));
        RunOptions replace = defaults.withInvalidText(RunOptions.InvalidText.REPLACE);
        assertTrue(model.ner(text, replace).replacedInvalid());
    }

    @Test
    void noDocumentsGiveNoResults() {
        assertEquals(List.of(), model.ner(List.of()));
        assertEquals(List.of(), model.re(List.of()));
        assertEquals(List.of(), model.qa(List.of()));
        assertEquals(List.of(), model.classify(List.of()));
        assertEquals(List.of(), model.embed(List.of()));
        assertEquals(List.of(), engine.sentences(List.of()));
        assertEquals(List.of(), engine.sections(List.of()));
        assertEquals(List.of(), model.extract(List.of()));
        assertEquals(List.of(), model.ner("").spans());
    }

    @Test
    void listsCannotBeChanged() {
        DocumentResult result = model.ner(Fixtures.NOTE);
        assertThrows(UnsupportedOperationException.class, () -> result.spans().clear());
        assertThrows(UnsupportedOperationException.class, () -> model.heads().clear());
        assertThrows(UnsupportedOperationException.class, () -> model.ner(List.of("a")).clear());
        assertSame(result.spans(), result.spans());
    }

    @Test
    void headsAreChosenByName() {
        assertTrue(model.heads().containsAll(List.of("disease", "chemical", "gene", "species")), model.heads().toString());
        assertEquals(List.of("B", "I", "O"), model.labels("disease"));
        RunOptions disease = RunOptions.defaults().withHeads("disease");
        assertEquals(2, model.ner(Fixtures.NOTE, disease).spans().size());
        assertEquals(Status.NOT_FOUND, failure(() -> model.labels("nothing")));
        assertEquals(Status.NOT_FOUND, failure(() -> model.ner("a", RunOptions.defaults().withHeads("nothing"))));
        assertThrows(IllegalArgumentException.class, () -> model.labels("\ud83d"));
        assertThrows(IllegalArgumentException.class, () -> model.embed("a", EmbedOptions.defaults(), disease));
        assertThrows(IllegalArgumentException.class, () -> engine.sentences("a", disease));
        assertThrows(IllegalArgumentException.class, () -> engine.sections("a", disease));
        assertTrue(model.extract(Fixtures.NOTE, ExtractOptions.defaults(), disease).entities().stream()
                .allMatch(e -> e.head().equals("disease")));
    }

    @Test
    void modelsThatCannotBeOpened() {
        assertEquals(Status.NOT_FOUND, failure(() -> engine.open(Path.of("/tmp/secret/nowhere"))));
        BiobertException e = assertThrows(BiobertException.class, () -> engine.open(Path.of("/tmp/secret/nowhëre😀")));
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
        assertTrue(e.getMessage().contains("nowhëre😀"), e.getMessage());
        assertThrows(BiobertException.class, () -> engine.open(Path.of("src")));
        ModelOptions f32 = ModelOptions.defaults()
                .withPrecision(ModelOptions.Precision.F32)
                .withLoading(ModelOptions.Loading.COPY)
                .withIntegrity(ModelOptions.Integrity.HEADERS);
        try (Model other = engine.open(Fixtures.MODEL, f32)) {
            assertEquals("f32", JsonParser.parseString(other.infoJson()).getAsJsonObject().get("precision").getAsString());
        }
    }

    @Test
    void jsonIsJson() {
        assertEquals("int8", JsonParser.parseString(model.infoJson()).getAsJsonObject().get("precision").getAsString());
        assertTrue(JsonParser.parseString(model.verify()).getAsJsonObject().get("sequences").getAsInt() > 0);
        assertTrue(JsonParser.parseString(Engine.buildInfoJson()).getAsJsonObject().has("version"), Engine.buildInfoJson());
        assertTrue(Fixtures.live(engine, "models") >= 1);
    }

    @Test
    void limitsOfTheEngine() {
        try (Engine small = Engine.create(EngineOptions.defaults().withMaxDocBytes(20).withMaxBatchBytes(60).withThreads(2));
                Model tiny = small.open(Fixtures.TINY)) {
            List<DocumentResult> results = tiny.ner(List.of("0123456789", "01234567890"));
            assertEquals(Status.OK, results.get(0).status());
            assertEquals(Status.LIMIT, results.get(1).status());
            assertEquals(Status.LIMIT, failure(() -> tiny.ner(List.of("0123456789", "0123456789", "0123456789", "0"))));
        }
        assertEquals(Status.ARGUMENT, failure(() -> Engine.create(EngineOptions.defaults().withIsa("abacus"))));
        assertEquals(Status.ARGUMENT, failure(() -> Engine.create(EngineOptions.defaults().withMaxDocBytes(1L << 40))));
        assertThrows(IllegalArgumentException.class, () -> EngineOptions.defaults().withThreads(0));
        assertThrows(IllegalArgumentException.class, () -> EngineOptions.defaults().withTokenBudget(-1));
        assertThrows(IllegalArgumentException.class, () -> EngineOptions.defaults().withMaxDocBytes(0));
        assertThrows(IllegalArgumentException.class, () -> EngineOptions.defaults().withMaxBatchBytes(0));
        assertThrows(IllegalArgumentException.class, () -> QaOptions.defaults().withTop(0));
        assertThrows(IllegalArgumentException.class, () -> QaOptions.defaults().withMaxTokens(0));
        assertThrows(IllegalArgumentException.class, () -> EmbedOptions.defaults().withLayer(-1));
    }

    @Test
    void resultsSayWhereTheyRan() {
        EngineOptions options = EngineOptions.defaults().withDevice(EngineOptions.Device.CPU).withGpu(3);
        try (Engine processor = Engine.create(options)) {
            assertEquals(RanOn.CPU, processor.sentences("One. Two.").device());
        }
        List<DocumentResult> results = model.ner(List.of(Fixtures.NOTE, "\ud83d"));
        assertEquals(Status.ENCODING, results.get(1).status());
        results.forEach(result -> assertEquals(RanOn.CPU, result.device()));
    }

    @Test
    void aLibraryWithoutGpuSupportSaysSo() {
        EngineOptions.Device[] gpus = {EngineOptions.Device.PREFER_GPU, EngineOptions.Device.REQUIRE_GPU};
        if (!Engine.buildInfoJson().contains("\"cuda\"")) {
            for (EngineOptions.Device device : gpus) {
                EngineOptions options = EngineOptions.defaults().withDevice(device).withGpu(1);
                assertEquals(Status.UNSUPPORTED, failure(() -> Engine.create(options)));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> EngineOptions.defaults().withGpu(-1));
        assertThrows(NullPointerException.class, () -> EngineOptions.defaults().withDevice(null));
    }

    @Test
    void pathsOfOtherFileSystemsAreRefused() {
        Path elsewhere = Path.of(URI.create("jrt:/java.base"));
        assertThrows(IllegalArgumentException.class, () -> engine.open(elsewhere));
    }

    @Test
    void nullsAreRefused() {
        assertThrows(NullPointerException.class, () -> model.ner((String) null));
        assertThrows(NullPointerException.class, () -> model.ner((List<String>) null));
        NullPointerException e = assertThrows(NullPointerException.class, () -> model.ner(Arrays.asList("a", null)));
        assertEquals("documents have a null at 1", e.getMessage());
        assertThrows(NullPointerException.class, () -> model.ner("a", null));
        assertThrows(NullPointerException.class, () -> model.re("a", null, RunOptions.defaults()));
        assertThrows(NullPointerException.class, () -> model.qa((Question) null));
        assertThrows(NullPointerException.class, () -> Question.of("a", (String) null));
        assertThrows(NullPointerException.class, () -> model.classify("a", (String) null));
        assertThrows(NullPointerException.class, () -> model.embed("a", null, RunOptions.defaults()));
        assertThrows(NullPointerException.class, () -> engine.open(null));
        assertThrows(NullPointerException.class, () -> engine.sentences((String) null));
        assertThrows(NullPointerException.class, () -> engine.sections((String) null));
        assertThrows(NullPointerException.class, () -> model.extract((String) null));
        assertThrows(NullPointerException.class, () -> model.extract("a", null, RunOptions.defaults()));
        assertThrows(NullPointerException.class, () -> ExtractOptions.defaults().withJudges(null));
        assertThrows(NullPointerException.class, () -> RunOptions.defaults().withUnit(null));
        assertThrows(NullPointerException.class, () -> RunOptions.defaults().withHeads((String) null));
        assertThrows(NullPointerException.class, () -> model.async().ner(null, RunOptions.defaults()));
        assertThrows(NullPointerException.class, () -> model.async(null));
    }

    @Test
    void valuesAreEqualByTheirFields() {
        Span once = model.ner(Fixtures.NOTE).spans().get(0);
        Span again = model.ner(Fixtures.NOTE).spans().get(0);
        assertEquals(once, again);
        assertEquals(once.hashCode(), again.hashCode());
        assertNotSame(once, again);
        assertFalse(once.equals(model.ner(Fixtures.NOTE).spans().get(1)));
        assertTrue(once.toString().startsWith("Disease [6, 12) 0."), once.toString());
        assertEquals(model.re(Fixtures.NOTE).relations(), model.re(Fixtures.NOTE).relations());
    }

    @Test
    void aNoteSaysItsSectionsAndEntities() {
        String note = "Plan: 😀 asthma, amoxicillin.\n\nFamily history: epilepsy";
        DocumentResult result = model.extract(note);
        List<Section> sections = result.sections();
        assertEquals(sections, engine.sections(note).sections());
        assertEquals(List.of("plan", "family_history"), List.of(sections.get(0).name(), sections.get(1).name()));
        assertEquals("Family history", note.substring(sections.get(1).title().start(), sections.get(1).title().end()));
        assertEquals(Optional.of("10157-6"), sections.get(1).loinc());
        assertEquals(Optional.empty(), sections.get(1).parent());
        List<Entity> entities = result.entities();
        assertEquals(result.spans().size(), entities.size());
        assertTrue(entities.size() >= 3, entities.toString());
        for (int i = 0; i < entities.size(); i++) {
            Entity e = entities.get(i);
            Span span = result.spans().get(i);
            assertEquals(span, new Span(e.start(), e.end(), e.label(), e.head(), e.score()));
            assertSame(sections.get(e.start() < sections.get(1).start() ? 0 : 1), e.section().orElseThrow());
            float score = e.assertion().orElseThrow().score();
            assertTrue(score > 0 && score <= 1, e.toString());
        }
        assertEquals(entities, model.extract(note).entities());
        assertEquals(entities.get(0).hashCode(), model.extract(note).entities().get(0).hashCode());
        assertThrows(UnsupportedOperationException.class, () -> entities.clear());
        assertThrows(UnsupportedOperationException.class, () -> entities.get(0).attributes().add(null));
        assertTrue(model.ner(note).entities().isEmpty() && model.ner(note).sections().isEmpty());
        assertThrows(BiobertException.class, () -> model.extract("bad \ud83d"));
    }

    @Test
    void assertionsAreJudgedOrNot() {
        ExtractOptions nobody = ExtractOptions.defaults().withJudges(ExtractOptions.Judges.NONE);
        ExtractOptions rules = ExtractOptions.defaults().withJudges(ExtractOptions.Judges.RULES);
        RunOptions heads = RunOptions.defaults().withHeads("chemical", "disease", "cid");
        String note = "Penicillin caused anaphylaxis.";
        assertTrue(model.extract(note, nobody, heads).entities().stream().noneMatch(e -> e.assertion().isPresent()));
        assertTrue(model.extract(note, rules, heads).entities().stream().allMatch(e -> e.assertion().isPresent()));
        Relation unjudged = model.extract(note, nobody, heads).relations().get(0);
        Relation judged = model.extract(note, rules, heads).relations().get(0);
        assertFalse(unjudged.assertion().isPresent());
        assertTrue(judged.assertion().isPresent());
        assertFalse(model.re(note).relations().get(0).assertion().isPresent());
        assertEquals(List.of(0, 1), List.of(judged.firstIndex(), judged.secondIndex()));
    }

    @Test
    void sentencesNeedNoModel() {
        List<Range> sentences = engine.sentences(Fixtures.NOTE).sentences();
        assertEquals(2, sentences.size());
        assertEquals("Known asthma 😀.", Fixtures.NOTE.substring(sentences.get(0).start(), sentences.get(0).end()));
    }
}
