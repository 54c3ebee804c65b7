import java.util.ArrayList;
import java.util.List;
import org.biobert.Entity;
import org.biobert.Range;
import org.biobert.Section;

/** A sentence that names drugs and effects. */
final class Sentence {
    /** Of a list that is longer, the first so many drugs and effects of a sentence make pairs. */
    private static final int MOST = 30;

    /** The number of its document in the batch. */
    final int document;
    final Range range;
    /** Where the sentence begins after a heading. */
    final int words;
    final List<Entity> drugs = new ArrayList<>();
    final List<Entity> effects = new ArrayList<>();

    private Sentence(int document, Range range, int words) {
        this.document = document;
        this.range = range;
        this.words = words;
    }

    /** The sentences of a document that name both; entities, sections and sentences are in the order of the text. */
    static List<Sentence> of(int document, String text, List<Entity> found, List<Section> sections, List<Range> ranges) {
        List<Sentence> sentences = new ArrayList<>();
        List<Entity> entities = distinct(text, found);
        List<Integer> headings = new ArrayList<>(); // where they end
        sections.forEach(section -> headings.add(section.title().end()));
        int next = 0;
        int heading = 0;
        for (Range range : ranges) {
            while (heading < headings.size() && headings.get(heading) <= range.start()) {
                heading++;
            }
            boolean headed = heading < headings.size() && headings.get(heading) < range.end();
            int words = headed ? headings.get(heading) : range.start();
            while (headed && words < range.end() && !Character.isLetterOrDigit(text.charAt(words))) {
                words++;
            }
            Sentence sentence = new Sentence(document, range, words);
            for (; next < entities.size() && entities.get(next).start() < range.end(); next++) {
                if (entities.get(next).end() <= range.end()) {
                    sentence.add(entities.get(next));
                }
            }
            if (!sentence.drugs.isEmpty() && !sentence.effects.isEmpty()) {
                sentences.add(sentence);
            }
        }
        return sentences;
    }

    private void add(Entity entity) {
        boolean drug = entity.label().equals("Drug") || entity.label().equals("Chemical");
        boolean effect = entity.label().equals("Effect") || entity.label().equals("Problem");
        List<Entity> list = drug ? drugs : effects;
        if ((drug || effect) && list.size() < MOST) {
            list.add(entity);
        }
    }

    /** Without the problems that the head for effects marks too, and parts of words such as "drug-induced". */
    private static List<Entity> distinct(String text, List<Entity> entities) {
        List<Entity> kept = new ArrayList<>();
        int end = 0; // of the effects so far, which do not overlap
        for (int i = 0; i < entities.size(); i++) {
            Entity entity = entities.get(i);
            boolean repeats = false;
            if (entity.label().equals("Problem")) {
                repeats = entity.start() < end || text.startsWith("-", entity.end()) || text.startsWith("-", entity.start() - 1);
                for (int j = i + 1; j < entities.size() && entities.get(j).start() < entity.end(); j++) {
                    repeats |= entities.get(j).label().equals("Effect");
                }
            } else if (entity.label().equals("Effect")) {
                end = entity.end();
            }
            if (!repeats) {
                kept.add(entity);
            }
        }
        return kept;
    }
}
