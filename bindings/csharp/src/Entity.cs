using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>An entity of a note, and what the note says of it. Offsets are half-open, in the unit of the call.
    /// Immutable.</summary>
    public sealed unsafe class Entity
    {
        internal Entity(Native* native, IReadOnlyList<Section> sections, IReadOnlyList<Also> also, IReadOnlyList<AttributeValue> attributes, IReadOnlyList<Link> links, Names names)
        {
            Start = checked((int)native->Start);
            End = checked((int)native->End);
            Label = names.Read(native->Label);
            Head = names.Read(native->Head);
            Score = native->Score;
            Also = Part(also, native->FirstAlso, native->NAlso);
            Section = native->Section == Biobert.Section.None ? null : sections[checked((int)native->Section)];
            Assertion = AssertionOf(native);
            Expansion = native->Expansion.Length == UIntPtr.Zero ? null : native->Expansion.Read();
            Attributes = Part(attributes, native->FirstAttribute, native->NAttributes);
            Links = Part(links, native->FirstLink, native->NLinks);
        }

        /// <summary>Offset of its first character.</summary>
        public int Start { get; }

        /// <summary>Offset after its last character.</summary>
        public int End { get; }

        /// <summary>Its kind, such as Problem.</summary>
        public string Label { get; }

        /// <summary>The head that found it.</summary>
        public string Head { get; }

        /// <summary>Mean probability of the labels of its words, 0 to 1.</summary>
        public float Score { get; }

        /// <summary>What other heads call it.</summary>
        public IReadOnlyList<Also> Also { get; }

        /// <summary>The section that it stands in, the innermost, one of the document's
        /// <see cref="DocumentResult.Sections"/>; null if it stands in none.</summary>
        public Section Section { get; }

        /// <summary>Whether the patient has it, and why; null only for <see cref="Judges.None"/>.</summary>
        public Assertion Assertion { get; }

        /// <summary>What it stands for, if it is a short form that is known or defined in the note; else null.</summary>
        public string Expansion { get; }

        /// <summary>Dose, frequency and the like of a drug, value, reference and flag of a test; by start.</summary>
        public IReadOnlyList<AttributeValue> Attributes { get; }

        /// <summary>What the code systems have for it, one link each; empty without
        /// <see cref="ExtractOptions.Terms"/>.</summary>
        public IReadOnlyList<Link> Links { get; }

        /// <summary>Label, place and assertion; no word of the document.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1}..{2} {3}", Label, Start, End, Assertion);
        }

        private static Assertion AssertionOf(Native* native)
        {
            if (native->Assertion == 0) return null;
            var cue = native->CueEnd == 0 ? null : new TextRange(checked((int)native->CueStart), checked((int)native->CueEnd));
            var category = native->Category == 0 ? (Category?)null : native->Category;
            return new Assertion(native->Assertion, category, native->AssertionScore, cue);
        }

        private static IReadOnlyList<T> Part<T>(IReadOnlyList<T> all, ulong first, ulong count)
        {
            var part = new T[checked((int)count)];
            for (var i = 0; i < part.Length; i++) part[i] = all[checked((int)first) + i];
            return Array.AsReadOnly(part);
        }

        /// <summary>biobert_entity.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong Start;
            internal ulong End;
            internal ulong Section;
            internal ulong CueStart;
            internal ulong CueEnd;
            internal ulong FirstAlso;
            internal ulong NAlso;
            internal ulong FirstAttribute;
            internal ulong NAttributes;
            internal Str Label;
            internal Str Head;
            internal Str Expansion;
            internal float Score;
            internal AssertionValue Assertion;
            internal Category Category;
            internal float AssertionScore;
            internal ulong FirstLink;
            internal ulong NLinks;
        }
    }
}
