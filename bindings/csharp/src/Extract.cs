using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Biobert
{
    public sealed partial class Model
    {
        /// <summary>Finds all that a note says: <see cref="DocumentResult.Sections"/>,
        /// <see cref="DocumentResult.Entities"/> with their assertions, long forms and attributes, and
        /// <see cref="DocumentResult.Relations"/>.</summary>
        /// <param name="doc">The document.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <exception cref="BiobertException">The document is bad, the deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public DocumentResult Extract(string doc, ExtractOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.One(Extract(Call.List(doc, nameof(doc)), options, cancellationToken));
        }

        /// <summary>Finds all that notes say: <see cref="DocumentResult.Sections"/>,
        /// <see cref="DocumentResult.Entities"/> with their assertions, long forms and attributes, and
        /// <see cref="DocumentResult.Relations"/>. Where heads mark the same words as kinds that mean the same, they are
        /// one entity. A bad document has its own status in its result and does not fail the others.</summary>
        /// <remarks>Heads may be for entities, for relations, and one for assertions; if none is named, the model's
        /// default heads work.</remarks>
        /// <param name="docs">The documents.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>A result for each document, in their order.</returns>
        /// <exception cref="BiobertException">The deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the documents, is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public IReadOnlyList<DocumentResult> Extract(IReadOnlyList<string> docs, ExtractOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            using (var pinned = new Pinned())
            {
                var texts = pinned.Texts(docs, nameof(docs));
                var heads = pinned.Heads(options?.Heads);
                var extract = ExtractOptions.Convert(options, pinned);
                return Call.Run(options, cancellationToken, delegate(ref RunOptions.Native run, CancelHandle cancel, out ResultHandle result, out ErrorHandle error)
                {
                    return biobert_extract_run16(Handle, heads.Pointer, heads.Count, texts.Pointer, texts.Count, ref extract, ref run, cancel, out result, out error);
                });
            }
        }

        /// <summary><see cref="Extract(string, ExtractOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<DocumentResult> ExtractAsync(string doc, ExtractOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Extract(doc, options, cancellationToken), cancellationToken);
        }

        /// <summary><see cref="Extract(IReadOnlyList{string}, ExtractOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<IReadOnlyList<DocumentResult>> ExtractAsync(IReadOnlyList<string> docs, ExtractOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Extract(docs, options, cancellationToken), cancellationToken);
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_extract_run16(
            ModelHandle model, IntPtr heads, UIntPtr headCount, IntPtr docs, UIntPtr docCount, ref ExtractOptions.Native extract,
            ref RunOptions.Native options, CancelHandle cancel, out ResultHandle result, out ErrorHandle error);
    }
}
