using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>A stretch of a document: a sentence, or a token. Offsets are half-open, in the unit of the
    /// call, and point into the caller's original text. Immutable. (Not "Range": that is .NET's.)</summary>
    public sealed unsafe class TextRange
    {
        internal TextRange(Native* native)
        {
            Start = checked((int)native->Start);
            End = checked((int)native->End);
        }

        /// <summary>Offset of its first character.</summary>
        public int Start { get; }

        /// <summary>Offset behind its last character.</summary>
        public int End { get; }

        /// <summary>Its place.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0}..{1}", Start, End);
        }

        /// <summary>biobert_range.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong Start;
            internal ulong End;
        }
    }
}
