using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Biobert
{
    /// <summary>What native code reads during a call: strings and arrays that the garbage collector does
    /// not move, and objects of the library that are not freed, until this is disposed.</summary>
    internal sealed unsafe class Pinned : IDisposable
    {
        // Refuses lone surrogates: a name that has one is nobody's.
        private static readonly Encoding Utf8 = new UTF8Encoding(false, true);

        private readonly List<GCHandle> handles = new List<GCHandle>();
        private readonly List<SafeHandle> objects = new List<SafeHandle>();

        /// <summary>A native array: pointer and length.</summary>
        internal struct Array
        {
            internal IntPtr Pointer;
            internal UIntPtr Count;
        }

        public void Dispose()
        {
            foreach (var handle in handles) handle.Free();
            handles.Clear();
            foreach (var used in objects) used.DangerousRelease();
            objects.Clear();
        }

        /// <summary>Documents, as UTF-16 views.</summary>
        internal Array Texts(IReadOnlyList<string> texts, string parameter)
        {
            if (texts == null) throw new ArgumentNullException(parameter);
            var views = new Str16[texts.Count];
            for (var i = 0; i < views.Length; i++) views[i] = Text(texts[i], parameter, i);
            return Items(views, views.Length);
        }

        /// <summary>Names of heads, as UTF-8 views; null is none.</summary>
        internal Array Heads(IReadOnlyList<string> heads)
        {
            return Names(heads, "Heads");
        }

        /// <summary>Names, as UTF-8 views; null is none.</summary>
        internal Array Names(IReadOnlyList<string> names, string parameter)
        {
            if (names == null) return default(Array);
            var views = new Str[names.Count];
            for (var i = 0; i < views.Length; i++) views[i] = Name(names[i], parameter);
            return Items(views, views.Length);
        }

        /// <summary>Terminologies; null is none. One that is disposed meanwhile is freed after this.</summary>
        internal Array Terms(IReadOnlyList<Terms> terms, string parameter)
        {
            if (terms == null) return default(Array);
            var pointers = new IntPtr[terms.Count];
            for (var i = 0; i < pointers.Length; i++)
            {
                if (terms[i] == null) throw new ArgumentException("A terminology is null.", parameter);
                var used = terms[i].Handle;
                var added = false;
                used.DangerousAddRef(ref added);
                objects.Add(used);
                pointers[i] = used.DangerousGetHandle();
            }
            return Items(pointers, pointers.Length);
        }

        /// <summary>A text by itself.</summary>
        internal Str16 Text(string text, string parameter)
        {
            if (text == null) throw new ArgumentNullException(parameter);
            return Text(text, parameter, 0);
        }

        /// <summary>One of several texts.</summary>
        internal Str16 Text(string text, string parameter, int index)
        {
            if (text == null) throw new ArgumentException("Text " + index + " is null.", parameter);
            return new Str16 { Pointer = (char*)Pin(text), Length = (UIntPtr)(uint)text.Length };
        }

        /// <summary>A name or a path in UTF-8.</summary>
        internal Str Name(string name, string parameter)
        {
            if (name == null) throw new ArgumentException("A name is null.", parameter);
            try
            {
                var bytes = Utf8.GetBytes(name);
                return new Str { Pointer = (byte*)Pin(bytes), Length = (UIntPtr)(uint)bytes.Length };
            }
            catch (EncoderFallbackException)
            {
                throw new ArgumentException("A name is not valid Unicode.", parameter);
            }
        }

        /// <summary>An array of structs without references, of which count are used.</summary>
        internal Array Items(System.Array items, int count)
        {
            return new Array { Pointer = Pin(items), Count = (UIntPtr)(uint)count };
        }

        private IntPtr Pin(object item)
        {
            var handle = GCHandle.Alloc(item, GCHandleType.Pinned);
            handles.Add(handle);
            return handle.AddrOfPinnedObject();
        }
    }
}
