using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>Why a code was taken for the words of a note: the last thing that had to be put aside to make the
    /// words and the code's name the same.</summary>
    public enum Reason
    {
        /// <summary>Nothing: character by character the same.</summary>
        Exact = 1,

        /// <summary>Upper and lower case, accents.</summary>
        Case = 2,

        /// <summary>Dashes, blanks and other marks.</summary>
        Dash = 3,

        /// <summary>A Greek letter and its name.</summary>
        Greek = 4,

        /// <summary>A Roman number and a digit.</summary>
        Roman = 5,

        /// <summary>Singular and plural, British and American spelling.</summary>
        Plural = 6,

        /// <summary>The order of the words.</summary>
        Order = 7,

        /// <summary>The words are a short form, and its long form in this note is the name.</summary>
        Abbreviation = 8,

        /// <summary>A hospital's own coded mentions say so.</summary>
        Learned = 9,

        /// <summary>Most of the words are the same.</summary>
        Words = 10,

        /// <summary>Most of the character trigrams are the same.</summary>
        Trigrams = 11,

        /// <summary>The encoder's vectors are near each other: of a terminology with vectors.</summary>
        Near = 12,
    }

    /// <summary>A code that may be an entity's. Immutable.</summary>
    public sealed unsafe class Code
    {
        internal Code(Native* native, Names names)
        {
            Value = names.Read(native->Code);
            Name = names.Read(native->Name);
            Score = native->Score;
            if (native->Reason != 0) Reason = native->Reason;
        }

        /// <summary>The code, such as D003920. (Not "Code": C# has no member with the name of its class.)</summary>
        public string Value { get; }

        /// <summary>Its preferred name.</summary>
        public string Name { get; }

        /// <summary>How alike name and words are, 0 to 1.</summary>
        public float Score { get; }

        /// <summary>Why it was taken; null if that is not known.</summary>
        public Reason? Reason { get; }

        /// <summary>Score and reason; the code would say what the document says.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0:F2} {1}", Score, Reason);
        }

        /// <summary>biobert_code.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal Str Code;
            internal Str Name;
            internal float Score;
            internal Reason Reason;
        }
    }
}
