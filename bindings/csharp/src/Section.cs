using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>A section of a note: its heading and what stands under it, the sections within it included. Offsets
    /// are half-open, in the unit of the call. Immutable.</summary>
    public sealed unsafe class Section
    {
        internal Section(Native* native, IReadOnlyList<Section> before, Names names)
        {
            Start = checked((int)native->Start);
            End = checked((int)native->End);
            Title = new TextRange(checked((int)native->TitleStart), checked((int)native->TitleEnd));
            Parent = native->Parent == None ? null : before[checked((int)native->Parent)];
            Name = names.Read(native->Name);
            Loinc = names.ReadOptional(native->Loinc);
        }

        /// <summary>BIOBERT_NONE: an index that points nowhere.</summary>
        internal const ulong None = ulong.MaxValue;

        /// <summary>Offset of its first character.</summary>
        public int Start { get; }

        /// <summary>Offset after the last character of what stands under the heading.</summary>
        public int End { get; }

        /// <summary>The heading's words, without number, marks and colon.</summary>
        public TextRange Title { get; }

        /// <summary>The section that it stands in, one of the document's <see cref="DocumentResult.Sections"/>; null
        /// if it stands in none.</summary>
        public Section Parent { get; }

        /// <summary>What kind of section it is, such as past_medical_history.</summary>
        public string Name { get; }

        /// <summary>Its LOINC code; null where there is none.</summary>
        public string Loinc { get; }

        /// <summary>Name and place.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1}..{2}", Name, Start, End);
        }

        /// <summary>biobert_section.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong Start;
            internal ulong End;
            internal ulong TitleStart;
            internal ulong TitleEnd;
            internal ulong Parent;
            internal Str Name;
            internal Str Loinc;
        }
    }
}
