using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>A relation between two entities of a sentence. Immutable.</summary>
    public sealed unsafe class Relation
    {
        internal Relation(Native* native, IReadOnlyList<Span> entities, Names names)
        {
            FirstIndex = checked((int)native->First);
            SecondIndex = checked((int)native->Second);
            First = entities[FirstIndex];
            Second = entities[SecondIndex];
            Label = names.Read(native->Label);
            Text = names.Read(native->Text);
            Head = names.Read(native->Head);
            Score = native->Score;
            if (native->Assertion != 0) Assertion = native->Assertion;
        }

        /// <summary>The first entity, one of the document's <see cref="DocumentResult.Spans"/>.</summary>
        public Span First { get; }

        /// <summary>The second entity, one of the document's <see cref="DocumentResult.Spans"/>.</summary>
        public Span Second { get; }

        /// <summary>Where the first entity stands in <see cref="DocumentResult.Spans"/>, and in
        /// <see cref="DocumentResult.Entities"/> of a note.</summary>
        public int FirstIndex { get; }

        /// <summary>Where the second entity stands in <see cref="DocumentResult.Spans"/>, and in
        /// <see cref="DocumentResult.Entities"/> of a note.</summary>
        public int SecondIndex { get; }

        /// <summary>The label.</summary>
        public string Label { get; }

        /// <summary>The label in words, as they stand between the two entities: "induces".</summary>
        public string Text { get; }

        /// <summary>The head that found it.</summary>
        public string Head { get; }

        /// <summary>Probability of the label, 0 to 1.</summary>
        public float Score { get; }

        /// <summary>Of its ends' assertions the one that stands first in: other person, absent, possible, historical,
        /// present. A drug whose category is stopped or allergy counts as present. Null if they were not assessed,
        /// which only Extract does.</summary>
        public AssertionValue? Assertion { get; }

        /// <summary>Entities, label and score; no word of the document.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "({0}) {1} ({2}) {3:F2}", First, Text, Second, Score);
        }

        /// <summary>biobert_relation.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong First;
            internal ulong Second;
            internal Str Label;
            internal Str Text;
            internal Str Head;
            internal float Score;
            internal AssertionValue Assertion;
        }
    }
}
