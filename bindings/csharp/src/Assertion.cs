using System.Globalization;

namespace Biobert
{
    /// <summary>Whether the patient has what an entity names.</summary>
    public enum AssertionValue
    {
        /// <summary>The patient has it or takes it; it was done or ordered.</summary>
        Present = 1,

        /// <summary>Denied, ruled out, resolved or stopped; of a drug also an allergy to it.</summary>
        Absent = 2,

        /// <summary>Suspected, conditional, planned only if, a risk.</summary>
        Possible = 3,

        /// <summary>Past and over, or listed as history.</summary>
        Historical = 4,

        /// <summary>Somebody else has it, such as the mother.</summary>
        OtherPerson = 5,
    }

    /// <summary>Why an assertion has its value.</summary>
    public enum Category
    {
        /// <summary>The note says that it is not there: "no", "denies".</summary>
        Denied = 1,

        /// <summary>It was looked for and not found.</summary>
        RuledOut = 2,

        /// <summary>It was there and is gone.</summary>
        Resolved = 3,

        /// <summary>A drug or therapy was ended.</summary>
        Stopped = 4,

        /// <summary>A drug that the patient does not bear.</summary>
        Allergy = 5,

        /// <summary>A relative's.</summary>
        Family = 6,

        /// <summary>Suspected.</summary>
        Uncertain = 7,

        /// <summary>Only if something happens.</summary>
        Conditional = 8,

        /// <summary>Intended.</summary>
        Planned = 9,

        /// <summary>Of the past.</summary>
        Past = 10,

        /// <summary>A list says it, such as the past medical history: its heading, or "PMH" within a line.</summary>
        Section = 11,
    }

    /// <summary>What a note says of an entity: whether the patient has it, and why. Immutable.</summary>
    public sealed class Assertion
    {
        internal Assertion(AssertionValue value, Category? category, float score, TextRange cue)
        {
            Value = value;
            Category = category;
            Score = score;
            Cue = cue;
        }

        /// <summary>Whether the patient has it.</summary>
        public AssertionValue Value { get; }

        /// <summary>Why; null if no rule found a cue: the head alone decided, or nothing speaks against the patient
        /// having it.</summary>
        public Category? Category { get; }

        /// <summary>Probability of the value, 0 to 1.</summary>
        public float Score { get; }

        /// <summary>The place of the words that decided; null if there are no such words.</summary>
        public TextRange Cue { get; }

        /// <summary>Value, category and score; no word of the document.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1} {2:F2}", Value, Category, Score);
        }
    }
}
