using System;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Biobert
{
    /// <summary>biobert_json: a JSON text of the library.</summary>
    internal sealed class JsonHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private JsonHandle()
            : base(true)
        {
        }

        /// <summary>The text that a call gave, or its error; both objects are freed.</summary>
        internal static string Take(Status status, JsonHandle json, ErrorHandle error, CancellationToken token = default(CancellationToken))
        {
            using (json)
            {
                ErrorHandle.Check(status, error, token);
                return biobert_json_view(json).Read();
            }
        }

        protected override bool ReleaseHandle()
        {
            biobert_json_free(handle);
            return true;
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Str biobert_json_view(JsonHandle json);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern void biobert_json_free(IntPtr json);
    }
}
