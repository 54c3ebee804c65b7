using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>Who judges what a note says of an entity.</summary>
    public enum Judges
    {
        /// <summary>The model's head for assertions, if it has one, the section and the rules together.</summary>
        All = 1,

        /// <summary>The head alone; the model must have one.</summary>
        Head = 2,

        /// <summary>Section and rules alone.</summary>
        Rules = 3,

        /// <summary>Nobody: entities and relations have no assertion.</summary>
        None = 4,
    }

    /// <summary>Options of reading notes. Not to be changed while a call runs with them.</summary>
    public sealed class ExtractOptions : RunOptions
    {
        /// <summary>Who judges assertions; all together unless something else is chosen.</summary>
        public Judges Judges { get; set; } = Judges.All;

        /// <summary>Terminologies that give entities their codes, <see cref="Entity.Links"/>; null or empty for no codes.
        /// They stay the caller's to dispose, which may be while a call runs.</summary>
        public IReadOnlyList<Terms> Terms { get; set; }

        /// <summary>biobert_extract_options.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal new struct Native
        {
            internal uint StructSize;
            internal Judges Judges;
            internal IntPtr Terms;
            internal UIntPtr NTerms;
        }

        /// <summary>The options as the C interface has them; the terminologies live as long as they are pinned.</summary>
        internal static unsafe Native Convert(ExtractOptions options, Pinned pinned)
        {
            options = options ?? new ExtractOptions();
            var terms = pinned.Terms(options.Terms, nameof(Terms));
            return new Native { StructSize = (uint)sizeof(Native), Judges = options.Judges, Terms = terms.Pointer, NTerms = terms.Count };
        }
    }
}
