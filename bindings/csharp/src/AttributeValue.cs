using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>What an attribute says.</summary>
    public enum AttributeKind
    {
        /// <summary>Of a drug: how much is taken at a time.</summary>
        Dose = 1,

        /// <summary>Of a drug: how much of it one unit holds.</summary>
        Strength = 2,

        /// <summary>Of a drug: tablet, cream.</summary>
        Form = 3,

        /// <summary>Of a drug: by mouth, into a vein.</summary>
        Route = 4,

        /// <summary>Of a drug: how often.</summary>
        Frequency = 5,

        /// <summary>Of a drug: for how long.</summary>
        Duration = 6,

        /// <summary>Of a drug: only when needed.</summary>
        AsNeeded = 7,

        /// <summary>Of a drug: what for.</summary>
        Reason = 8,

        /// <summary>Of a test: its result.</summary>
        Value = 9,

        /// <summary>Of a test: the range that is normal.</summary>
        Reference = 10,

        /// <summary>Of a test: what the laboratory remarked.</summary>
        Flag = 11,
    }

    /// <summary>An attribute of a drug, such as its dose, or of a test, such as its value. Offsets are half-open, in
    /// the unit of the call. Immutable. (Not "Attribute": that is .NET's.)</summary>
    public sealed unsafe class AttributeValue
    {
        internal AttributeValue(Native* native, Names names)
        {
            Kind = native->Kind;
            Start = checked((int)native->Start);
            End = checked((int)native->End);
            if (!double.IsNaN(native->Low)) Low = native->Low;
            if (!double.IsNaN(native->High)) High = native->High;
            Comparator = names.ReadOptional(native->Comparator);
            Unit = names.ReadOptional(native->Unit);
            Step = checked((int)native->Step);
            Parsed = native->Parsed != 0;
        }

        /// <summary>What it says.</summary>
        public AttributeKind Kind { get; }

        /// <summary>Offset of its first character.</summary>
        public int Start { get; }

        /// <summary>Offset after its last character.</summary>
        public int End { get; }

        /// <summary>Its number, or the lower end of a range; null of an upper limit, and where there is no
        /// number.</summary>
        public double? Low { get; }

        /// <summary>The upper end of a range, or as <see cref="Low"/>.</summary>
        public double? High { get; }

        /// <summary>&lt;, &lt;=, &gt;, &gt;= or ~ before the number; null where there is none.</summary>
        public string Comparator { get; }

        /// <summary>A unit of UCUM, such as mg; null where there is none. Of a frequency /d, /wk, /mo and /a
        /// count times, min, h, wk and mo the time from one to the next, {dose} how often in all.</summary>
        public string Unit { get; }

        /// <summary>Which part of a taper, or of a series of results, it belongs to, from 0.</summary>
        public int Step { get; }

        /// <summary>Whether it could be read; if not, only its kind and place are known.</summary>
        public bool Parsed { get; }

        /// <summary>Kind and place; no word of the document.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1}..{2}", Kind, Start, End);
        }

        /// <summary>biobert_attribute.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong Start;
            internal ulong End;
            internal double Low;
            internal double High;
            internal Str Comparator;
            internal Str Unit;
            internal AttributeKind Kind;
            internal uint Step;
            internal uint Parsed;
        }
    }
}
