using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>An entity that was found. Offsets are half-open, in the unit of the call,
    /// and point into the caller's original text. Immutable.</summary>
    public sealed unsafe class Span
    {
        internal Span(Native* native, Names names)
        {
            Start = checked((int)native->Start);
            End = checked((int)native->End);
            Label = names.Read(native->Label);
            Head = names.Read(native->Head);
            Score = native->Score;
        }

        /// <summary>Offset of its first character.</summary>
        public int Start { get; }

        /// <summary>Offset after its last character.</summary>
        public int End { get; }

        /// <summary>Its kind, such as <c>Disease</c>.</summary>
        public string Label { get; }

        /// <summary>The head that found it; empty if the caller gave the entity.</summary>
        public string Head { get; }

        /// <summary>Mean probability of the labels of its words, 0 to 1.</summary>
        public float Score { get; }

        /// <summary>Kind, place and score; no word of the document.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1}..{2} {3:F2}", Label, Start, End, Score);
        }

        /// <summary>biobert_span.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong Start;
            internal ulong End;
            internal Str Label;
            internal Str Head;
            internal float Score;
        }
    }
}
