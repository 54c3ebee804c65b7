import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.biobert.DocumentResult;
import org.biobert.Engine;
import org.biobert.Entity;
import org.biobert.ExtractOptions;
import org.biobert.GivenEntity;
import org.biobert.Model;
import org.biobert.ReOptions;
import org.biobert.Relation;
import org.biobert.RunOptions;
import org.biobert.Status;

/** Finds pairs of drug and effect: the model's score of a pair, or else words of the note. */
final class Screen {
    /** The head for drugs and effects that this example brings. */
    static final String HEAD = "adverse";
    /** A pair of this score is a finding; of one that only the model's own head for notes marked, this. */
    private static final double THRESHOLD = 0.6;
    private static final double OTHERS = 0.9;

    private static final RunOptions ENTITIES = RunOptions.defaults().withHeads(HEAD, "clinical", "assertion");
    private static final RunOptions RELATION = RunOptions.defaults().withHeads("effect");
    private static final RunOptions EVENT = RunOptions.defaults().withHeads("ade");

    private final Engine engine;
    private final Model model;
    private final Failures failures;

    Screen(Engine engine, Model model, Failures failures) {
        this.engine = engine;
        this.model = model;
        this.failures = failures;
    }

    List<Finding> findings(List<Document> documents) {
        List<String> texts = new ArrayList<>();
        documents.forEach(document -> texts.add(document.text));
        List<Sentence> sentences = sentences(documents, texts);
        if (sentences.isEmpty()) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        sentences.forEach(s -> words.add(texts.get(s.document).substring(s.words, s.range.end())));
        List<DocumentResult> events = model.classify(words, EVENT);
        List<Map<List<Integer>, Double>> pairs = pairs(texts, sentences);

        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i++) {
            Sentence s = sentences.get(i);
            double event = events.get(i).classes().stream()
                    .filter(k -> k.label().equals("1")).mapToDouble(k -> k.score()).findFirst().orElse(0);
            for (Entity drug : s.drugs) {
                for (Entity effect : s.effects) {
                    double pair = pairs.get(s.document)
                            .getOrDefault(place(drug.start(), drug.end(), effect.start(), effect.end()), 0.0);
                    double score = Math.sqrt(event * pair);
                    boolean learnt = drug.head().equals(HEAD) && effect.head().equals(HEAD);
                    String basis = score >= (learnt ? THRESHOLD : OTHERS)
                            ? "model" : Words.of(texts.get(s.document), s.range, drug, effect, s.drugs);
                    if (basis != null) {
                        findings.add(new Finding(
                                documents.get(s.document), s.range, drug, effect, Said.of(drug, effect, words.get(i)), basis, score));
                    }
                }
            }
        }
        return findings;
    }

    private List<Sentence> sentences(List<Document> documents, List<String> texts) {
        List<DocumentResult> found = model.extract(texts, ExtractOptions.defaults(), ENTITIES);
        List<DocumentResult> divided = engine.sentences(texts);
        List<Sentence> sentences = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            DocumentResult result = found.get(i);
            if (result.status() != Status.OK) {
                failures.tell(documents.get(i).id, result.message());
                continue;
            }
            sentences.addAll(Sentence.of(i, texts.get(i), result.entities(), result.sections(), divided.get(i).sentences()));
        }
        return sentences;
    }

    /** For each document, how sure the model is of the pairs within its sentences, by their places. */
    private List<Map<List<Integer>, Double>> pairs(List<String> texts, List<Sentence> sentences) {
        List<GivenEntity> given = new ArrayList<>();
        for (Sentence s : sentences) {
            s.drugs.forEach(e -> given.add(new GivenEntity(s.document, e.start(), e.end(), "Drug")));
            s.effects.forEach(e -> given.add(new GivenEntity(s.document, e.start(), e.end(), "Problem")));
        }
        List<Map<List<Integer>, Double>> pairs = new ArrayList<>();
        for (DocumentResult result : model.re(texts, ReOptions.defaults().withEntities(given).withUnrelated(true), RELATION)) {
            Map<List<Integer>, Double> scores = new HashMap<>();
            if (result.status() == Status.OK) {
                for (Relation r : result.relations()) {
                    double score = r.label().equals("0") ? 1 - r.score() : r.score();
                    scores.put(place(r.first().start(), r.first().end(), r.second().start(), r.second().end()), score);
                }
            }
            pairs.add(scores);
        }
        return pairs;
    }

    private static List<Integer> place(Integer... offsets) {
        return Arrays.asList(offsets);
    }
}
