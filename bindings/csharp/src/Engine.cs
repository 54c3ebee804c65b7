using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Biobert
{
    /// <summary>Threads, instruction set, device and limits that models share. Any thread may use it, concurrently,
    /// and dispose it while others do: running calls end as usual. Models keep what they need of it, so it
    /// may be disposed before them.</summary>
    public sealed partial class Engine : IDisposable
    {
        private readonly EngineHandle handle;

        // The handle counts as closed only when the last running call has ended.
        private volatile bool isDisposed;

        /// <summary>Makes an engine.</summary>
        /// <param name="options">Null for the defaults.</param>
        /// <exception cref="DllNotFoundException">The native library cannot be loaded; the message lists where it was looked for.</exception>
        /// <exception cref="BiobertException">The options ask for what this machine or version has not.</exception>
        /// <exception cref="ArgumentException">A number of the options is negative.</exception>
        public Engine(EngineOptions options = null)
        {
            Library.Check();
            using (var pinned = new Pinned())
            {
                ErrorHandle error;
                var native = EngineOptions.Convert(options, pinned);
                ErrorHandle.Check(EngineHandle.biobert_engine_create(ref native, out handle, out error), error);
            }
        }

        internal EngineHandle Handle
        {
            get
            {
                if (isDisposed) throw new ObjectDisposedException(nameof(Engine));
                return handle;
            }
        }

        /// <summary>Opens a bundle, or a checkpoint directory with <c>model.safetensors</c>,
        /// <c>pytorch_model.bin</c> or <c>model.onnx</c>. Safe on untrusted files: nothing in them is run.</summary>
        /// <param name="path">The directory.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <returns>The model, to be disposed by the caller.</returns>
        /// <exception cref="BiobertException">The directory is not there, is damaged, or holds nothing that this version can run.</exception>
        /// <exception cref="ArgumentException">The path is null or not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">The engine is disposed.</exception>
        public Model Open(string path, ModelOptions options = null)
        {
            if (path == null) throw new ArgumentNullException(nameof(path));
            using (var pinned = new Pinned())
            {
                ModelHandle model;
                ErrorHandle error;
                var native = ModelOptions.Convert(options, pinned);
                var status = ModelHandle.biobert_model_open_path(Handle, pinned.Name(path, nameof(path)), ref native, out model, out error);
                ErrorHandle.Check(status, error);
                return new Model(model);
            }
        }

        /// <summary>Live objects and settings as JSON: <c>{"models","results","threads","isa","device"}</c>.</summary>
        /// <exception cref="ObjectDisposedException">The engine is disposed.</exception>
        public string StatsJson()
        {
            JsonHandle json;
            ErrorHandle error;
            return JsonHandle.Take(EngineHandle.biobert_engine_stats_json(Handle, out json, out error), json, error);
        }

        /// <summary>Frees the engine. May be called more than once, and while other threads use it.</summary>
        public void Dispose()
        {
            isDisposed = true;
            handle.Dispose();
        }
    }

    /// <summary>biobert_engine.</summary>
    internal sealed class EngineHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private EngineHandle()
            : base(true)
        {
        }

        protected override bool ReleaseHandle()
        {
            biobert_engine_free(handle);
            return true;
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_engine_create(ref EngineOptions.Native options, out EngineHandle engine, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_engine_stats_json(EngineHandle engine, out JsonHandle json, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern void biobert_engine_free(IntPtr engine);
    }
}
