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
            First = entities[checked((int)native->First)];
            Second = entities[checked((int)native->Second)];
            Label = names.Read(native->Label);
            Text = names.Read(native->Text);
            Head = names.Read(native->Head);
            Score = native->Score;
        }

        /// <summary>The first entity, one of the document's <see cref="DocumentResult.Spans"/>.</summary>
        public Span First { get; }

        /// <summary>The second entity, one of the document's <see cref="DocumentResult.Spans"/>.</summary>
        public Span Second { get; }

        /// <summary>The label.</summary>
        public string Label { get; }

        /// <summary>The label in words, as they stand between the two entities: "induces".</summary>
        public string Text { get; }

        /// <summary>The head that found it.</summary>
        public string Head { get; }

        /// <summary>Probability of the label, 0 to 1.</summary>
        public float Score { get; }

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
        }
    }
}
