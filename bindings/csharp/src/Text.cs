using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Biobert
{
    /// <summary>biobert_str: a view of UTF-8 text.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Str : IEquatable<Str>
    {
        internal byte* Pointer;
        internal UIntPtr Length;

        /// <summary>The text itself, copied.</summary>
        internal string Read()
        {
            return Length == UIntPtr.Zero ? string.Empty : Encoding.UTF8.GetString(Pointer, checked((int)(ulong)Length));
        }

        public bool Equals(Str other)
        {
            return Pointer == other.Pointer && Length == other.Length;
        }

        public override int GetHashCode()
        {
            return ((long)Pointer).GetHashCode();
        }
    }

    /// <summary>biobert_str16: a view of UTF-16 text.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Str16
    {
        internal char* Pointer;
        internal UIntPtr Length;
    }

    /// <summary>The few names of a result, each decoded once: the same label is the same native text.</summary>
    internal sealed class Names
    {
        private readonly Dictionary<Str, string> read = new Dictionary<Str, string>();

        internal string Read(Str view)
        {
            string name;
            if (!read.TryGetValue(view, out name)) read.Add(view, name = view.Read());
            return name;
        }

        /// <summary>Null for an empty text: there is none.</summary>
        internal string ReadOptional(Str view)
        {
            return view.Length == UIntPtr.Zero ? null : Read(view);
        }
    }
}
