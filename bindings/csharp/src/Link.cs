using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>Why none of the codes was given.</summary>
    public enum Abstention
    {
        /// <summary>There is none.</summary>
        Nothing = 1,

        /// <summary>The best one is too unlike the words.</summary>
        Weak = 2,

        /// <summary>Several are as good as the best.</summary>
        Ambiguous = 3,
    }

    /// <summary>What a code system has for an entity. Immutable.</summary>
    public sealed unsafe class Link
    {
        internal Link(Native* native, IReadOnlyList<Code> codes, Names names)
        {
            System = names.Read(native->System);
            var own = new Code[checked((int)native->NCodes)];
            for (var i = 0; i < own.Length; i++) own[i] = codes[checked((int)native->FirstCode) + i];
            Codes = Array.AsReadOnly(own);
            if (native->Abstention != 0) Abstention = native->Abstention;
        }

        /// <summary>The code system, such as MESH.</summary>
        public string System { get; }

        /// <summary>The codes that may be the entity's, the best first.</summary>
        public IReadOnlyList<Code> Codes { get; }

        /// <summary>Why the first code is not given; null: it is.</summary>
        public Abstention? Abstention { get; }

        /// <summary>The entity's code; null if none is given.</summary>
        public Code Given => Abstention != null || Codes.Count == 0 ? null : Codes[0];

        /// <summary>Code system, number of codes and abstention; the codes would say what the document says.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} {1} {2}", System, Codes.Count, Abstention);
        }

        /// <summary>biobert_link.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal Str System;
            internal ulong FirstCode;
            internal ulong NCodes;
            internal Abstention Abstention;
        }
    }
}
