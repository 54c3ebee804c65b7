import java.util.List;
import java.util.regex.Pattern;
import org.biobert.Assertion;
import org.biobert.Entity;
import org.biobert.Range;

/**
 * Pairs that the note names in words which the model, taught by articles, does not know: lists of allergies, what is
 * feared or denied, a drug that was stopped or given again.
 */
final class Words {
    private Words() {}

    private static final String THE = "(?:\\s+[\\w-]+){0,2}\\s*";
    private static final Pattern CAUSE = words("\\s*\\(?(?:2/2|d/t|2\u00b0)" + THE);
    /** Of several effects each: "stopped due to cough and angioedema". */
    private static final String AMONG = "(?:(?:\\s+[\\w-]+){1,3}(?:\\s*[,&]|\\s+(?:and|or)\\b)(?:\\s*(?:and|or)\\b)?){0,3}";
    private static final Pattern REASON = words("[\\s-]*(?:(?:was|were|is|has been)\\s+)?(?:"
            + "(?:[\\w/]+\\s+)?(?:because of|due to|d/t|owing to|2/2|secondary to|on account of)" + AMONG + THE
            + "|(?:stopped|held|discontinued|withdrawn|ceased|suspended)\\s+(?:for" + AMONG + "(?:\\s+[\\w-]+)?|after(?:\\s+an?|\\s+the)?)\\s*)");
    private static final Pattern DURING = words("(?:(?:\\s*,|\\s+or|\\s+and|\\s+nor)(?:\\s+[\\w-]+){1,2})*\\s*(?:on|with|after|from|while (?:on|taking))" + THE);
    private static final Pattern FEARED = words(".*\\b(?:monitor|watch|look out|risk|warn|counsel|advise|return|report|"
            + "(?:may|can|could|might) (?:cause|induce|give)|side[- ]effects?)\\b.*");
    /** "Anaphylaxis to ceftriaxone", "intolerant of ACE inhibitors (cough)". */
    private static final Pattern TO = words("\\s+(?:reaction\\s+)?to\\s+(?:intravenous\\s+|IV\\s+|oral\\s+)?");
    private static final Pattern INTOLERANT = words(".*\\bintoleran(?:t|ce)\\s+(?:of|to)\\s+(?:[\\w-]+,?\\s+){0,3}");
    private static final Pattern BRACKET = words("\\s*(?:\\(|-|:|,?\\s*due to|,?\\s*because of|with)\\s*");
    private static final Pattern AGAIN = words(".*\\b(?:again|re-?started|re-?challenged?|re-?introduced|resumed)\\b.*");
    private static final Pattern RETURNS = words(".*\\b(?:came back|recur(?:red|s)|returned|reappeared|re-?emerged)\\b.*");
    static final Pattern GONE = words(".*\\b(?:resolved|subsided|settled|disappeared|went away|is gone)\\b.*");
    private static final Pattern TOLERATED = words(".*\\btolerat(?:es|ed|ing)\\b.*");

    private static Pattern words(String pattern) {
        return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    /** What the words are, or null if there are none. */
    static String of(String text, Range sentence, Entity drug, Entity effect, List<Entity> drugs) {
        boolean drugFirst = drug.end() <= effect.start();
        String between = drugFirst ? text.substring(drug.end(), effect.start())
                : effect.end() <= drug.start() ? text.substring(effect.end(), drug.start()) : "";
        String whole = text.substring(sentence.start(), sentence.end());
        boolean alone = drugs.stream().noneMatch(other -> drugFirst
                ? other.start() >= drug.end() && other.end() <= effect.start()
                : other.start() >= effect.end() && other.end() <= drug.start());
        if (!alone) {
            return null; // another drug is nearer
        }
        if (Said.category(drug) == Assertion.Category.ALLERGY) {
            return drugFirst && Said.value(effect) != Assertion.Value.ABSENT ? "allergy" : null;
        }
        if (Said.category(drug) == Assertion.Category.STOPPED && Said.category(effect) == Assertion.Category.RESOLVED) {
            return "dechallenge";
        }
        if (Said.category(drug) == Assertion.Category.STOPPED && drugFirst && REASON.matcher(between).matches()) {
            return "stopped";
        }
        if (AGAIN.matcher(whole).matches() && RETURNS.matcher(whole).matches()) {
            return "rechallenge";
        }
        String before = text.substring(sentence.start(), Math.min(drug.start(), effect.start()));
        boolean given = Said.value(drug) == Assertion.Value.PRESENT || Said.category(drug) == Assertion.Category.CONDITIONAL;
        if (Said.value(effect) == Assertion.Value.POSSIBLE && given && (drugFirst ? FEARED.matcher(between).matches()
                : DURING.matcher(between).matches() && FEARED.matcher(before).matches())) {
            return "feared";
        }
        if (Said.value(effect) != Assertion.Value.ABSENT && (drugFirst
                ? INTOLERANT.matcher(before).matches() && BRACKET.matcher(between).matches() : TO.matcher(between).matches())) {
            return "reaction";
        }
        if (Said.category(effect) == Assertion.Category.DENIED
                && (drugFirst ? TOLERATED.matcher(whole).matches() : DURING.matcher(between).matches())) {
            return "denied";
        }
        return !drugFirst && CAUSE.matcher(between).matches() ? "cause" : null;
    }
}
