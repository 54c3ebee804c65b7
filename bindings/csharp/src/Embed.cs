using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Biobert
{
    public sealed partial class Model
    {
        /// <summary>Turns a document into a vector: see <see cref="DocumentResult.Embedding"/>,
        /// <see cref="DocumentResult.Tokens"/> and <see cref="DocumentResult.States"/>.</summary>
        /// <param name="doc">The document.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <exception cref="BiobertException">The document is bad, the deadline passed, or there is no such layer.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument is null or out of range, or the options name heads.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public DocumentResult Embed(string doc, EmbedOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.One(Embed(Call.List(doc, nameof(doc)), options, cancellationToken));
        }

        /// <summary>Turns documents into vectors: see <see cref="DocumentResult.Embedding"/>. A document that is
        /// too long for the model is read in windows; a bad one has its own status in its result and does not
        /// fail the others.</summary>
        /// <param name="docs">The documents.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>A result for each document, in their order.</returns>
        /// <exception cref="BiobertException">The deadline passed, or there is no such layer.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the documents, is null or out of range, or the options name heads.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public IReadOnlyList<DocumentResult> Embed(IReadOnlyList<string> docs, EmbedOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            using (var pinned = new Pinned())
            {
                Call.NoHeads(options);
                var texts = pinned.Texts(docs, nameof(docs));
                var embed = EmbedOptions.Convert(options, Handle, pinned);
                return Call.Run(options, cancellationToken, delegate(ref RunOptions.Native run, CancelHandle cancel, out ResultHandle result, out ErrorHandle error)
                {
                    return biobert_embed_run16(Handle, texts.Pointer, texts.Count, ref embed, ref run, cancel, out result, out error);
                });
            }
        }

        /// <summary><see cref="Embed(string, EmbedOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<DocumentResult> EmbedAsync(string doc, EmbedOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Embed(doc, options, cancellationToken), cancellationToken);
        }

        /// <summary><see cref="Embed(IReadOnlyList{string}, EmbedOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<IReadOnlyList<DocumentResult>> EmbedAsync(IReadOnlyList<string> docs, EmbedOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Embed(docs, options, cancellationToken), cancellationToken);
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_embed_run16(
            ModelHandle model, IntPtr docs, UIntPtr docCount, ref EmbedOptions.Native embed,
            ref RunOptions.Native options, CancelHandle cancel, out ResultHandle result, out ErrorHandle error);
    }
}
