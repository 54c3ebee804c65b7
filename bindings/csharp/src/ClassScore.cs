using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>A class of a document, of a pair of documents or of a question. Immutable.</summary>
    public sealed unsafe class ClassScore
    {
        internal ClassScore(Native* native, Names names)
        {
            Label = names.Read(native->Label);
            Text = names.Read(native->Text);
            Head = names.Read(native->Head);
            Score = native->Score;
            Holds = native->Holds != 0;
        }

        /// <summary>The label.</summary>
        public string Label { get; }

        /// <summary>The label in words.</summary>
        public string Text { get; }

        /// <summary>The head that found it.</summary>
        public string Head { get; }

        /// <summary>Its probability, 0 to 1; of a regression the number itself, which may be any.</summary>
        public float Score { get; }

        /// <summary>Whether it holds; never of a regression: of most heads the most probable label, of a head that decides each label by
        /// itself every label with a probability of at least a half.</summary>
        public bool Holds { get; }

        /// <summary>Head, label and score.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1} {2:F2}", Head, Label, Score);
        }

        /// <summary>biobert_class.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal Str Label;
            internal Str Text;
            internal Str Head;
            internal float Score;
            internal uint Holds;
        }
    }
}
