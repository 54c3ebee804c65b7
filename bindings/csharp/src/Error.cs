using System;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Biobert
{
    /// <summary>biobert_error: why a call failed.</summary>
    internal sealed class ErrorHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private ErrorHandle()
            : base(true)
        {
        }

        /// <summary>Throws what a call of the library says; frees its error object.</summary>
        internal static void Check(Status status, ErrorHandle error, CancellationToken token = default(CancellationToken))
        {
            using (error)
            {
                if (status == Status.Ok) return;
                // The view lives as long as the error, which nobody else has.
                var message = biobert_error_message(error).Read();
                if (status == Status.Cancelled) throw new OperationCanceledException(message, token);
                throw new BiobertException(status, message, biobert_error_doc_index(error));
            }
        }

        protected override bool ReleaseHandle()
        {
            biobert_error_free(handle);
            return true;
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Str biobert_error_message(ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern long biobert_error_doc_index(ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern void biobert_error_free(IntPtr error);
    }
}
