using System;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Biobert
{
    /// <summary>The way of progress from the library to a function of the caller, and of what that throws
    /// past the native frames between them.</summary>
    internal sealed unsafe class ProgressSink
    {
        private readonly Func<Progress, bool> progress;
        private ExceptionDispatchInfo thrown;

        internal ProgressSink(Func<Progress, bool> progress)
        {
            this.progress = progress;
            if (progress != null) OnProgress = Tell;
        }

        /// <summary>biobert_progress_fn.</summary>
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        internal delegate int Function(IntPtr userdata, Progress.Native* progress);

        /// <summary>What the library calls; null if nobody listens. It lives as long as this.</summary>
        internal Function OnProgress { get; }

        /// <summary>Throws what the function threw, with its stack.</summary>
        internal void Rethrow()
        {
            if (thrown != null) thrown.Throw();
        }

        private int Tell(IntPtr userdata, Progress.Native* native)
        {
            // A refit asks once more.
            if (thrown != null) return 1;
            try
            {
                return progress(new Progress(native)) ? 0 : 1;
            }
            catch (Exception error)
            {
                // An exception must not unwind through native frames.
                thrown = ExceptionDispatchInfo.Capture(error);
                // .NET Framework and Mono would raise an abort again at the end of this block.
                if (error is ThreadAbortException) Thread.ResetAbort();
                return 1;
            }
        }
    }
}
