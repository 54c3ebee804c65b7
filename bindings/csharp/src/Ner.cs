using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Biobert
{
    public sealed partial class Model
    {
        /// <summary>Finds the entities of a document of any length: see <see cref="DocumentResult.Spans"/>.</summary>
        /// <param name="doc">The document.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <exception cref="BiobertException">The document is bad, the deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public DocumentResult Ner(string doc, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.One(Ner(Call.List(doc, nameof(doc)), options, cancellationToken));
        }

        /// <summary>Finds the entities of documents: see <see cref="DocumentResult.Spans"/>. A bad document
        /// has its own status in its result and does not fail the others.</summary>
        /// <param name="docs">The documents.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>A result for each document, in their order.</returns>
        /// <exception cref="BiobertException">The deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the documents, is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public IReadOnlyList<DocumentResult> Ner(IReadOnlyList<string> docs, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            using (var pinned = new Pinned())
            {
                var texts = pinned.Texts(docs, nameof(docs));
                var heads = pinned.Heads(options?.Heads);
                return Call.Run(options, cancellationToken, delegate(ref RunOptions.Native run, CancelHandle cancel, out ResultHandle result, out ErrorHandle error)
                {
                    return biobert_ner_run16(Handle, heads.Pointer, heads.Count, texts.Pointer, texts.Count, ref run, cancel, out result, out error);
                });
            }
        }

        /// <summary><see cref="Ner(string, RunOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<DocumentResult> NerAsync(string doc, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Ner(doc, options, cancellationToken), cancellationToken);
        }

        /// <summary><see cref="Ner(IReadOnlyList{string}, RunOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<IReadOnlyList<DocumentResult>> NerAsync(IReadOnlyList<string> docs, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Ner(docs, options, cancellationToken), cancellationToken);
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_ner_run16(
            ModelHandle model, IntPtr heads, UIntPtr headCount, IntPtr docs, UIntPtr docCount,
            ref RunOptions.Native options, CancelHandle cancel, out ResultHandle result, out ErrorHandle error);
    }
}
