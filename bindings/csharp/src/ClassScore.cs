using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>A class that a document, a pair of documents or a question may have. Immutable.</summary>
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

        /// <summary>The head that judged.</summary>
        public string Head { get; }

        /// <summary>Its probability, 0 to 1.</summary>
        public float Score { get; }

        /// <summary>Whether it holds: the most probable label of a head, or each with a probability of a half
        /// or more where the head decides every label by itself.</summary>
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
