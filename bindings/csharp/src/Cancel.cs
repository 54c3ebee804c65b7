using System;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Biobert
{
    /// <summary>biobert_cancel: a switch that ends a call.</summary>
    internal sealed class CancelHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        /// <summary>NULL, for calls that nobody can cancel.</summary>
        internal static readonly CancelHandle None = new CancelHandle();

        private CancelHandle()
            : base(true)
        {
        }

        internal static CancelHandle Create()
        {
            CancelHandle handle;
            ErrorHandle error;
            ErrorHandle.Check(biobert_cancel_create(out handle, out error), error);
            return handle;
        }

        internal void Trigger()
        {
            biobert_cancel_trigger(this);
        }

        protected override bool ReleaseHandle()
        {
            biobert_cancel_free(handle);
            return true;
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_cancel_create(out CancelHandle cancel, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern void biobert_cancel_trigger(CancelHandle cancel);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern void biobert_cancel_free(IntPtr cancel);
    }

    /// <summary>Ties a token to a native switch for the time of a call.</summary>
    internal sealed class Cancellation : IDisposable
    {
        private readonly CancellationTokenRegistration registration;

        internal Cancellation(CancellationToken token)
        {
            Switch = CancelHandle.None;
            if (!token.CanBeCanceled) return;
            Switch = CancelHandle.Create();
            registration = token.Register(state => ((CancelHandle)state).Trigger(), Switch);
        }

        internal CancelHandle Switch { get; }

        public void Dispose()
        {
            // Waits for a callback that runs just now; after it nobody triggers the switch any more.
            registration.Dispose();
            if (Switch != CancelHandle.None) Switch.Dispose();
        }
    }
}
