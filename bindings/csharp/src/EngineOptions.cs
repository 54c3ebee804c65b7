using System;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>Where an engine computes. Results are the same bits everywhere.</summary>
    public enum Device
    {
        /// <summary>On the processor.</summary>
        Cpu = 1,

        /// <summary>On a GPU, and on the processor where there is none or it fails, which the log says.</summary>
        PreferGpu = 2,

        /// <summary>On a GPU, or an exception that says why not.</summary>
        RequireGpu = 3,
    }

    /// <summary>Options of an engine. Numbers that are 0 have their default.</summary>
    public sealed class EngineOptions
    {
        /// <summary>Threads that work on a call; 0 is 1, the caller's own. More are a private pool.</summary>
        public int Threads { get; set; }

        /// <summary>Name of the instruction set to use, such as <c>avx2</c>; null is the best there is.</summary>
        public string Isa { get; set; }

        /// <summary>Tokens that are worked on at a time, the bound of scratch memory, up to 100,000; 0 is
        /// 1024 on the processor and 16,384 on a GPU.</summary>
        public int TokenBudget { get; set; }

        /// <summary>Largest document in bytes, two for each UTF-16 unit; 0 is 64 MiB.</summary>
        public long MaxDocBytes { get; set; }

        /// <summary>Largest sum of the documents of a call in bytes, counted likewise; 0 is 256 MiB.</summary>
        public long MaxBatchBytes { get; set; }

        /// <summary>Where to compute; on the processor unless something else is chosen. A library without GPU support
        /// gives <see cref="Status.Unsupported"/> for a GPU.</summary>
        public Device Device { get; set; } = Device.Cpu;

        /// <summary>Which GPU, by its number among those that its driver shows; 0 is the first. Not looked at if
        /// the device is the processor.</summary>
        public int Gpu { get; set; }

        /// <summary>Receives lines about what the library does, never any text of a document. Called from any
        /// thread that uses the engine, several at a time; what it throws is ignored, an abort of its
        /// thread too. It is kept until the
        /// engine and all that was made with it are gone.</summary>
        public Action<string> Log { get; set; }

        /// <summary>biobert_engine_options.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal uint StructSize;
            internal uint Threads;
            internal Str Isa;
            internal Device Device;
            internal uint TokenBudget;
            internal ulong MaxDocBytes;
            internal ulong MaxBatchBytes;
            internal IntPtr Log;
            internal IntPtr LogUserdata;
            internal IntPtr LogDrop;
            internal uint Gpu;
            internal uint Reserved;
        }

        internal static unsafe Native Convert(EngineOptions options, Pinned pinned)
        {
            options = options ?? new EngineOptions();
            var native = new Native
            {
                StructSize = (uint)sizeof(Native),
                Threads = (uint)Positive(options.Threads, nameof(Threads)),
                Isa = pinned.Name(options.Isa ?? string.Empty, nameof(Isa)),
                Device = options.Device,
                Gpu = (uint)Positive(options.Gpu, nameof(Gpu)),
                TokenBudget = (uint)Positive(options.TokenBudget, nameof(TokenBudget)),
                MaxDocBytes = (ulong)Positive(options.MaxDocBytes, nameof(MaxDocBytes)),
                MaxBatchBytes = (ulong)Positive(options.MaxBatchBytes, nameof(MaxBatchBytes)),
            };
            // Last: from here on the library has to free it.
            if (options.Log != null) LogSink.Set(ref native, options.Log);
            return native;
        }

        private static long Positive(long number, string name)
        {
            if (number < 0) throw new ArgumentOutOfRangeException(name);
            return number;
        }
    }
}
