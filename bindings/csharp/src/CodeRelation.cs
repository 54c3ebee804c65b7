using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>Two codes and how they are related, by a note as a whole. Immutable.</summary>
    public sealed unsafe class CodeRelation
    {
        internal CodeRelation(Native* native, Names names)
        {
            First = names.Read(native->First);
            Second = names.Read(native->Second);
            Label = names.Read(native->Label);
            Score = native->Score;
        }

        /// <summary>The first code, such as D002220.</summary>
        public string First { get; }

        /// <summary>The second code, of the same system.</summary>
        public string Second { get; }

        /// <summary>How they are related, such as CID: the name of the head, in capitals.</summary>
        public string Label { get; }

        /// <summary>Its probability, 0 to 1.</summary>
        public float Score { get; }

        /// <summary>Label and score; the codes would say what the document says.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1:F2}", Label, Score);
        }

        /// <summary>biobert_code_relation.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal Str First;
            internal Str Second;
            internal Str Label;
            internal float Score;
        }
    }
}
