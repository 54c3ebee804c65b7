using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Biobert
{
    /// <summary>A model: tokenizer, encoder, heads. Opened by <see cref="Engine.Open"/>, or made from another
    /// one by <see cref="WithHead"/>. Any number of threads may run on it, concurrently, and dispose it while
    /// others do: running calls end as usual, later ones throw <see cref="ObjectDisposedException"/>.</summary>
    /// <remarks>A model that is forgotten is freed by the garbage collector, which does not see how much
    /// native memory it holds: dispose models.</remarks>
    public sealed partial class Model : IDisposable
    {
        private readonly ModelHandle handle;

        // The handle counts as closed only when the last running call has ended.
        private volatile bool isDisposed;

        internal Model(ModelHandle handle)
        {
            this.handle = handle;
        }

        internal ModelHandle Handle
        {
            get
            {
                if (isDisposed) throw new ObjectDisposedException(nameof(Model));
                return handle;
            }
        }

        /// <summary>Describes the model as JSON: format, path taken, precision, instruction
        /// set, heads, limits, source, notes.</summary>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public string InfoJson()
        {
            JsonHandle json;
            ErrorHandle error;
            return JsonHandle.Take(ModelHandle.biobert_model_info_json(Handle, out json, out error), json, error);
        }

        /// <summary>What stands for a missing word in the texts of
        /// <see cref="Fill(string, FillOptions, CancellationToken)"/>, such as [MASK]; null if the model cannot fill
        /// it.</summary>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public string MaskToken
        {
            get
            {
                var names = Handle.Names((UIntPtr)1, delegate(UIntPtr index, out Str name, out ErrorHandle error)
                {
                    error = null;
                    name = ModelHandle.biobert_model_mask_token(handle);
                    return Status.Ok;
                });
                return names[0].Length == 0 ? null : names[0];
            }
        }

        /// <summary>The names of the heads.</summary>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public IReadOnlyList<string> Heads()
        {
            return Handle.Names(ModelHandle.biobert_model_head_count(Handle), delegate(UIntPtr index, out Str name, out ErrorHandle error)
            {
                return ModelHandle.biobert_model_head_name(handle, index, out name, out error);
            });
        }

        /// <summary>The labels of a head.</summary>
        /// <param name="head">The head's name.</param>
        /// <exception cref="BiobertException">There is no such head.</exception>
        /// <exception cref="ArgumentException">The name is null or not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public IReadOnlyList<string> Labels(string head)
        {
            if (head == null) throw new ArgumentNullException(nameof(head));
            using (var pinned = new Pinned())
            {
                UIntPtr count;
                ErrorHandle counting;
                var view = pinned.Name(head, nameof(head));
                ErrorHandle.Check(ModelHandle.biobert_model_label_count(Handle, view, out count, out counting), counting);
                return Handle.Names(count, delegate(UIntPtr index, out Str name, out ErrorHandle error)
                {
                    return ModelHandle.biobert_model_label_name(handle, view, index, out name, out error);
                });
            }
        }

        /// <summary>Runs the self-check of a bundle, as JSON:
        /// <c>{"sequences","state_drift","logit_drift","decisions","changed"}</c>. The files themselves were
        /// checked when the model was opened.</summary>
        /// <exception cref="BiobertException">The model is no bundle and has no check.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public string Verify()
        {
            JsonHandle json;
            ErrorHandle error;
            return JsonHandle.Take(ModelHandle.biobert_model_verify(Handle, out json, out error), json, error);
        }

        /// <summary>Makes a model with one more head. Encoder and tokenizer are shared, so that this takes little
        /// time and memory; this model stays as it is, and calls that run on it are not touched.</summary>
        /// <param name="head">The head.</param>
        /// <param name="name">What it is called in the new model; null is its own name.</param>
        /// <returns>The new model, to be disposed by the caller.</returns>
        /// <exception cref="BiobertException">The head is of another encoder, or the name is taken or cannot be one.</exception>
        /// <exception cref="ArgumentException">The head is null, or the name is not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">The model or the head is disposed.</exception>
        public Model WithHead(Head head, string name = null)
        {
            if (head == null) throw new ArgumentNullException(nameof(head));
            using (var pinned = new Pinned())
            {
                ModelHandle model;
                ErrorHandle error;
                var view = pinned.Name(name ?? string.Empty, nameof(name));
                ErrorHandle.Check(ModelHandle.biobert_model_with_head(Handle, head.Handle, view, out model, out error), error);
                return new Model(model);
            }
        }

        /// <summary>Frees the model. May be called more than once, and while other threads use it.</summary>
        public void Dispose()
        {
            isDisposed = true;
            handle.Dispose();
        }
    }

    /// <summary>biobert_model.</summary>
    internal sealed class ModelHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private ModelHandle()
            : base(true)
        {
        }

        /// <summary>Gives a name by its index.</summary>
        internal delegate Status NameFunction(UIntPtr index, out Str name, out ErrorHandle error);

        /// <summary>A list of names, whose views live as long as the model.</summary>
        internal IReadOnlyList<string> Names(UIntPtr count, NameFunction name)
        {
            var held = false;
            try
            {
                DangerousAddRef(ref held);
                var names = new string[checked((int)(ulong)count)];
                for (var i = 0; i < names.Length; i++)
                {
                    Str view;
                    ErrorHandle error;
                    ErrorHandle.Check(name((UIntPtr)(uint)i, out view, out error), error);
                    names[i] = view.Read();
                }
                return Array.AsReadOnly(names);
            }
            finally
            {
                if (held) DangerousRelease();
            }
        }

        protected override bool ReleaseHandle()
        {
            biobert_model_free(handle);
            return true;
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_model_open_path(EngineHandle engine, Str path, ref ModelOptions.Native options, out ModelHandle model, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_model_info_json(ModelHandle model, out JsonHandle json, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern UIntPtr biobert_model_head_count(ModelHandle model);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern UIntPtr biobert_model_vector_width(ModelHandle model);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Str biobert_model_mask_token(ModelHandle model);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_model_head_name(ModelHandle model, UIntPtr index, out Str name, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_model_label_count(ModelHandle model, Str head, out UIntPtr count, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_model_label_name(ModelHandle model, Str head, UIntPtr index, out Str name, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_model_verify(ModelHandle model, out JsonHandle json, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_model_with_head(ModelHandle model, HeadHandle head, Str name, out ModelHandle extended, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern void biobert_model_free(IntPtr model);
    }
}
