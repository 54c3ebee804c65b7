using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Biobert
{
    /// <summary>A head on its own, trained on the encoder of a model: from <see cref="Trainer.Head"/>, or
    /// opened. Any number of threads may use it, concurrently, and dispose it while others do. Models keep
    /// what they need of it, so it may be disposed before them.</summary>
    public sealed class Head : IDisposable
    {
        private readonly HeadHandle handle;

        // The handle counts as closed only when the last running call has ended.
        private volatile bool isDisposed;

        internal Head(HeadHandle handle)
        {
            this.handle = handle;
        }

        internal HeadHandle Handle
        {
            get
            {
                if (isDisposed) throw new ObjectDisposedException(nameof(Head));
                return handle;
            }
        }

        /// <summary>Opens a directory with <c>head.json</c> and <c>head.safetensors</c>; the head is called as the
        /// directory. Safe on untrusted files.</summary>
        /// <param name="path">The directory.</param>
        /// <returns>The head, to be disposed by the caller.</returns>
        /// <exception cref="DllNotFoundException">The native library cannot be loaded; the message lists where it was looked for.</exception>
        /// <exception cref="BiobertException">The directory is not there, is damaged, or holds no head.</exception>
        /// <exception cref="ArgumentException">The path is null or not valid Unicode.</exception>
        public static Head Open(string path)
        {
            if (path == null) throw new ArgumentNullException(nameof(path));
            Library.Check();
            using (var pinned = new Pinned())
            {
                HeadHandle head;
                ErrorHandle error;
                ErrorHandle.Check(HeadHandle.biobert_head_open_path(pinned.Name(path, nameof(path)), out head, out error), error);
                return new Head(head);
            }
        }

        /// <summary>Writes the head to a directory, which is created if necessary. A head that is there is
        /// replaced.</summary>
        /// <param name="path">The directory.</param>
        /// <exception cref="BiobertException">The directory cannot be written.</exception>
        /// <exception cref="ArgumentException">The path is null or not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">The head is disposed.</exception>
        public void Save(string path)
        {
            if (path == null) throw new ArgumentNullException(nameof(path));
            using (var pinned = new Pinned())
            {
                ErrorHandle error;
                ErrorHandle.Check(HeadHandle.biobert_head_save_path(Handle, pinned.Name(path, nameof(path)), out error), error);
            }
        }

        /// <summary>Describes the head as JSON: task, labels, hashes of its encoder, tokenizer and
        /// data, licence, date, metrics.</summary>
        /// <exception cref="ObjectDisposedException">The head is disposed.</exception>
        public string InfoJson()
        {
            JsonHandle json;
            ErrorHandle error;
            return JsonHandle.Take(HeadHandle.biobert_head_info_json(Handle, out json, out error), json, error);
        }

        /// <summary>Frees the head. May be called more than once, and while other threads use it.</summary>
        public void Dispose()
        {
            isDisposed = true;
            handle.Dispose();
        }
    }

    /// <summary>biobert_head.</summary>
    internal sealed class HeadHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private HeadHandle()
            : base(true)
        {
        }

        protected override bool ReleaseHandle()
        {
            biobert_head_free(handle);
            return true;
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_head_open_path(Str path, out HeadHandle head, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_head_save_path(HeadHandle head, Str path, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_head_info_json(HeadHandle head, out JsonHandle json, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern void biobert_head_free(IntPtr head);
    }
}
