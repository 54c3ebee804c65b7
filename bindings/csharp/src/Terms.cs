using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Biobert
{
    /// <summary>A terminology: names and their codes, from a file that <c>biobert terms build</c> or
    /// <c>biobert terms learn</c> wrote. With <see cref="ExtractOptions.Terms"/>, entities have their codes. Any
    /// number of threads may use it, concurrently, and dispose it while others do; processes share its pages.
    /// Results need none of it.</summary>
    public sealed class Terms : IDisposable
    {
        private readonly TermsHandle handle;

        // The handle counts as closed only when the last running call has ended.
        private volatile bool isDisposed;

        private Terms(TermsHandle handle)
        {
            this.handle = handle;
        }

        internal TermsHandle Handle
        {
            get
            {
                if (isDisposed) throw new ObjectDisposedException(nameof(Terms));
                return handle;
            }
        }

        /// <summary>Opens a terminology, in milliseconds: only its structure is checked. The file must not change
        /// while it is open: replace it by renaming another over it. Safe on untrusted files.</summary>
        /// <param name="path">The file.</param>
        /// <returns>The terminology, to be disposed by the caller.</returns>
        /// <exception cref="DllNotFoundException">The native library cannot be loaded; the message lists where it was looked for.</exception>
        /// <exception cref="BiobertException">The file is not there, is damaged, or holds no terminology.</exception>
        /// <exception cref="ArgumentException">The path is null or not valid Unicode.</exception>
        public static Terms Open(string path)
        {
            if (path == null) throw new ArgumentNullException(nameof(path));
            Library.Check();
            using (var pinned = new Pinned())
            {
                TermsHandle terms;
                ErrorHandle error;
                ErrorHandle.Check(TermsHandle.biobert_terms_open_path(pinned.Name(path, nameof(path)), out terms, out error), error);
                return new Terms(terms);
            }
        }

        /// <summary>Makes a terminology with the vectors of its names, from a file that <c>biobert terms vectors</c>
        /// wrote: extracting then also finds names near by the encoder of the model that made them
        /// (<see cref="Reason.Near"/>). This one does not change.</summary>
        /// <param name="path">The file.</param>
        /// <returns>The terminology, to be disposed by the caller.</returns>
        /// <exception cref="BiobertException">The file is not there, is damaged, or has the vectors of another terminology.</exception>
        /// <exception cref="ArgumentException">The path is null or not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">The terminology is disposed.</exception>
        public Terms WithVectors(string path)
        {
            if (path == null) throw new ArgumentNullException(nameof(path));
            using (var pinned = new Pinned())
            {
                TermsHandle terms;
                ErrorHandle error;
                ErrorHandle.Check(
                    TermsHandle.biobert_terms_with_vectors(Handle, pinned.Name(path, nameof(path)), out terms, out error), error);
                return new Terms(terms);
            }
        }

        /// <summary>Describes the terminology as JSON: name, code system, version, licence, source, how many concepts
        /// and names.</summary>
        /// <exception cref="ObjectDisposedException">The terminology is disposed.</exception>
        public string InfoJson()
        {
            JsonHandle json;
            ErrorHandle error;
            return JsonHandle.Take(TermsHandle.biobert_terms_info_json(Handle, out json, out error), json, error);
        }

        /// <summary>Checks every byte of the terminology against its SHA-256.</summary>
        /// <exception cref="BiobertException">The file is damaged.</exception>
        /// <exception cref="ObjectDisposedException">The terminology is disposed.</exception>
        public void Verify()
        {
            ErrorHandle error;
            ErrorHandle.Check(TermsHandle.biobert_terms_verify(Handle, out error), error);
        }

        /// <summary>What terminologies have for words, without a model, as JSON: a list with an object for each code
        /// system, <c>{"system","candidates":[{"code","name","score","reason"}],"abstention"}</c>; the first candidate
        /// is given where the abstention is null.</summary>
        /// <param name="terms">At least one.</param>
        /// <param name="words">Such as <c>adult-onset diabetes</c>.</param>
        /// <param name="label">The kind of the entity, such as Disease; null or empty if it is not known.</param>
        /// <exception cref="BiobertException">There is no terminology.</exception>
        /// <exception cref="ArgumentException">An argument is null or not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">A terminology is disposed.</exception>
        public static string LinkJson(IReadOnlyList<Terms> terms, string words, string label = null)
        {
            if (terms == null) throw new ArgumentNullException(nameof(terms));
            if (words == null) throw new ArgumentNullException(nameof(words));
            Library.Check();
            using (var pinned = new Pinned())
            {
                var all = pinned.Terms(terms, nameof(terms));
                var text = pinned.Name(words, nameof(words));
                var kind = pinned.Name(label ?? string.Empty, nameof(label));
                JsonHandle json;
                ErrorHandle error;
                return JsonHandle.Take(TermsHandle.biobert_terms_link_json(all.Pointer, all.Count, text, kind, out json, out error), json, error);
            }
        }

        /// <summary>Frees the terminology. May be called more than once, and while other threads use it.</summary>
        public void Dispose()
        {
            isDisposed = true;
            handle.Dispose();
        }
    }

    /// <summary>biobert_terms.</summary>
    internal sealed class TermsHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private TermsHandle()
            : base(true)
        {
        }

        protected override bool ReleaseHandle()
        {
            biobert_terms_free(handle);
            return true;
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_terms_open_path(Str path, out TermsHandle terms, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_terms_with_vectors(TermsHandle terms, Str path, out TermsHandle result, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_terms_info_json(TermsHandle terms, out JsonHandle json, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_terms_verify(TermsHandle terms, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_terms_link_json(
            IntPtr terms, UIntPtr termsCount, Str words, Str label, out JsonHandle json, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern void biobert_terms_free(IntPtr terms);
    }
}
