using System;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>A half-open range of a text: a sentence, a token, or what the caller names. Offsets are half-open, in
    /// the unit of the call, and point into the caller's original text. Immutable. (Not "Range": that is
    /// .NET's.)</summary>
    public sealed unsafe class TextRange
    {
        /// <summary>Names a stretch of a text.</summary>
        /// <param name="start">Offset of its first character.</param>
        /// <param name="end">Offset after its last character.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
        public TextRange(int start, int end)
        {
            if (start < 0) throw new ArgumentOutOfRangeException(nameof(start));
            if (end < 0) throw new ArgumentOutOfRangeException(nameof(end));
            Start = start;
            End = end;
        }

        internal TextRange(Native* native)
        {
            Start = checked((int)native->Start);
            End = checked((int)native->End);
        }

        /// <summary>Offset of its first character.</summary>
        public int Start { get; }

        /// <summary>Offset after its last character.</summary>
        public int End { get; }

        /// <summary>Its place.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0}..{1}", Start, End);
        }

        internal Native ToNative()
        {
            return new Native { Start = (ulong)Start, End = (ulong)End };
        }

        /// <summary>biobert_range and biobert_range_in.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong Start;
            internal ulong End;
        }
    }
}
