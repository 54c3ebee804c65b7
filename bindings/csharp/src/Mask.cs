using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>A mask of a document, and what may stand there: a half-open range, in the unit of the call.
    /// Immutable.</summary>
    public sealed unsafe class Mask
    {
        internal Mask(Native* native, IReadOnlyList<Candidate> candidates)
        {
            Start = checked((int)native->Start);
            End = checked((int)native->End);
            var own = new Candidate[checked((int)native->NCandidates)];
            for (var i = 0; i < own.Length; i++) own[i] = candidates[checked((int)native->FirstCandidate) + i];
            Candidates = Array.AsReadOnly(own);
        }

        /// <summary>Offset of the mask token's first character.</summary>
        public int Start { get; }

        /// <summary>Offset after its last character.</summary>
        public int End { get; }

        /// <summary>What may stand there, the most probable first.</summary>
        public IReadOnlyList<Candidate> Candidates { get; }

        /// <summary>Place and number of candidates.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0}..{1} {2}", Start, End, Candidates.Count);
        }

        /// <summary>biobert_mask.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong Start;
            internal ulong End;
            internal ulong FirstCandidate;
            internal ulong NCandidates;
        }
    }

    /// <summary>A piece of the vocabulary that may stand at a mask. Immutable.</summary>
    public sealed unsafe class Candidate
    {
        internal Candidate(Native* native, Names names)
        {
            Token = names.Read(native->Token);
            Id = checked((int)native->Id);
            Score = native->Score;
        }

        /// <summary>The piece as it is spelled; one that continues a word begins with ## in BERT's vocabulary. Empty
        /// for a row of the model for which its vocabulary has no piece.</summary>
        public string Token { get; }

        /// <summary>Its id.</summary>
        public int Id { get; }

        /// <summary>Its probability among all pieces, 0 to 1.</summary>
        public float Score { get; }

        /// <summary>Piece and probability.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1:F2}", Token, Score);
        }

        /// <summary>biobert_candidate.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal Str Token;
            internal uint Id;
            internal float Score;
        }
    }
}
