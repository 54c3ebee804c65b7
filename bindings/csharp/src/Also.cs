using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>What another head calls an entity. Immutable.</summary>
    public sealed unsafe class Also
    {
        internal Also(Native* native, Names names)
        {
            Label = names.Read(native->Label);
            Head = names.Read(native->Head);
            Score = native->Score;
        }

        /// <summary>Its kind, such as Disease.</summary>
        public string Label { get; }

        /// <summary>The head that found it.</summary>
        public string Head { get; }

        /// <summary>Mean probability of the labels of its words, 0 to 1.</summary>
        public float Score { get; }

        /// <summary>Head, label and score.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1} {2:F2}", Head, Label, Score);
        }

        /// <summary>biobert_also.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal Str Label;
            internal Str Head;
            internal float Score;
        }
    }
}
