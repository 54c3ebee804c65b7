using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Biobert
{
    /// <summary>biobert_result: what a call found.</summary>
    internal sealed class ResultHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private ResultHandle()
            : base(true)
        {
        }

        /// <summary>Everything in it, copied.</summary>
        internal IReadOnlyList<DocumentResult> Read()
        {
            var names = new Names();
            var documents = new DocumentResult[checked((int)(ulong)biobert_result_doc_count(this))];
            for (var i = 0; i < documents.Length; i++) documents[i] = new DocumentResult(this, (UIntPtr)(uint)i, names);
            return System.Array.AsReadOnly(documents);
        }

        protected override bool ReleaseHandle()
        {
            Native.biobert_result_free(handle);
            return true;
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern UIntPtr biobert_result_doc_count(ResultHandle result);

        /// <summary>The readers of a document. Their last parameter would be an error object; a status says
        /// all there is to say of them.</summary>
        internal static class Native
        {
            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern RanOn biobert_result_device(ResultHandle result);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_doc_status(ResultHandle result, UIntPtr doc);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Str biobert_result_doc_message(ResultHandle result, UIntPtr doc);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern uint biobert_result_doc_flags(ResultHandle result, UIntPtr doc);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_spans(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_relations(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_answers(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_no_answer(ResultHandle result, UIntPtr doc, out float number, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_classes(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_sentences(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_masks(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_candidates(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_tokens(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_sections(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_entities(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_also(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_attributes(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_links(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_codes(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_code_relations(ResultHandle result, UIntPtr doc, out IntPtr items, out UIntPtr count, out UIntPtr stride, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_embedding(ResultHandle result, UIntPtr doc, out IntPtr values, out UIntPtr width, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern Status biobert_result_states(ResultHandle result, UIntPtr doc, out IntPtr values, out UIntPtr rows, out UIntPtr width, IntPtr error);

            [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern void biobert_result_free(IntPtr result);
        }
    }
}
