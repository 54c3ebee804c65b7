using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>A possible answer to a question: a half-open range of a passage. Immutable.</summary>
    public sealed unsafe class Answer
    {
        internal Answer(Native* native, Names names)
        {
            Passage = checked((int)native->Passage);
            Start = checked((int)native->Start);
            End = checked((int)native->End);
            Head = names.Read(native->Head);
            Score = native->Score;
            Probability = native->Probability;
        }

        /// <summary>Index of the passage in the question.</summary>
        public int Passage { get; }

        /// <summary>Offset of its first character in the passage, in the unit of the call.</summary>
        public int Start { get; }

        /// <summary>Offset after its last character.</summary>
        public int End { get; }

        /// <summary>The head that answered.</summary>
        public string Head { get; }

        /// <summary>Start logit plus end logit, less the same sum for "no answer" in the same window: above
        /// 0, the head finds it more likely than no answer. Scores can be compared across windows and passages.</summary>
        public float Score { get; }

        /// <summary>With <see cref="QaOptions.Pool"/>: the mean over passages of the probability that they give this answer; the
        /// rest is of its best mention. Otherwise 0.</summary>
        public float Probability { get; }

        /// <summary>Passage, place and score; no word of the passage.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "passage {0} {1}..{2} {3:F2}", Passage, Start, End, Score);
        }

        /// <summary>biobert_answer.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong Passage;
            internal ulong Start;
            internal ulong End;
            internal Str Head;
            internal float Score;
            internal float Probability;
        }
    }
}
