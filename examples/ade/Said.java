import org.biobert.Assertion;
import org.biobert.Entity;

/** What the note says of a pair: mostly what it says of the effect. */
final class Said {
    private Said() {}

    static String of(Entity drug, Entity effect, String sentence) {
        Assertion.Value value = value(effect);
        if (value(drug) == Assertion.Value.OTHER_PERSON || value == Assertion.Value.OTHER_PERSON) {
            return "other person";
        }
        switch (value) {
            case ABSENT:
                // Without a category only the head finds it absent, which then means the drug: "stopped for bradycardia".
                if (category(effect) == null && category(drug) == Assertion.Category.STOPPED) {
                    return "present";
                }
                // An effect that is gone has been there.
                boolean gone = category(effect) == Assertion.Category.RESOLVED
                        || category(effect) == null && Words.GONE.matcher(sentence).matches();
                return gone ? "past" : "denied";
            case POSSIBLE:
                return "possible";
            case HISTORICAL:
                return "past";
            default:
                return category(drug) == Assertion.Category.ALLERGY ? "past" : "present";
        }
    }

    static Assertion.Value value(Entity entity) {
        return entity.assertion().map(Assertion::value).orElse(Assertion.Value.PRESENT);
    }

    /** Null if no words of the note decided. */
    static Assertion.Category category(Entity entity) {
        return entity.assertion().flatMap(Assertion::category).orElse(null);
    }
}
