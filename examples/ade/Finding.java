import java.util.Locale;
import org.biobert.Entity;
import org.biobert.Range;

/** A drug, an effect, and what a sentence says of the two: a row of the table. */
final class Finding {
    final Document document;
    final Range sentence;
    final Entity drug;
    final Entity effect;
    final String assertion;
    /** What speaks for the pair: the model, or words of the note. */
    final String basis;
    final double score;

    Finding(Document document, Range sentence, Entity drug, Entity effect, String assertion, String basis, double score) {
        this.document = document;
        this.sentence = sentence;
        this.drug = drug;
        this.effect = effect;
        this.assertion = assertion;
        this.basis = basis;
        this.score = score;
    }

    String text(int start, int end) {
        return document.text.substring(start, end);
    }

    String score() {
        return String.format(Locale.ROOT, "%.2f", score);
    }
}
