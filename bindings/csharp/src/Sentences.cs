using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Biobert
{
    public sealed partial class Engine
    {
        /// <summary>Divides a document in English into sentences: see <see cref="DocumentResult.Sentences"/>. Needs
        /// no model. A sentence is one of running text, or a heading, a list item or a one-line statement of a
        /// note; line breaks within running text do not end it.</summary>
        /// <param name="doc">The document.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <exception cref="BiobertException">The document is bad, or the deadline passed.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument is null or out of range, or the options name heads.</exception>
        /// <exception cref="ObjectDisposedException">The engine is disposed.</exception>
        public DocumentResult Sentences(string doc, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.One(Sentences(Call.List(doc, nameof(doc)), options, cancellationToken));
        }

        /// <summary>Divides documents in English into sentences: see <see cref="DocumentResult.Sentences"/>. A bad
        /// document has its own status in its result and does not fail the others.</summary>
        /// <param name="docs">The documents.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>A result for each document, in their order.</returns>
        /// <exception cref="BiobertException">The deadline passed.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the documents, is null or out of range, or the options name heads.</exception>
        /// <exception cref="ObjectDisposedException">The engine is disposed.</exception>
        public IReadOnlyList<DocumentResult> Sentences(IReadOnlyList<string> docs, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            using (var pinned = new Pinned())
            {
                Call.NoHeads(options);
                var texts = pinned.Texts(docs, nameof(docs));
                return Call.Run(options, cancellationToken, delegate(ref RunOptions.Native run, CancelHandle cancel, out ResultHandle result, out ErrorHandle error)
                {
                    return biobert_sentences_run16(Handle, texts.Pointer, texts.Count, ref run, cancel, out result, out error);
                });
            }
        }

        /// <summary><see cref="Sentences(string, RunOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<DocumentResult> SentencesAsync(string doc, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Sentences(doc, options, cancellationToken), cancellationToken);
        }

        /// <summary><see cref="Sentences(IReadOnlyList{string}, RunOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<IReadOnlyList<DocumentResult>> SentencesAsync(IReadOnlyList<string> docs, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Sentences(docs, options, cancellationToken), cancellationToken);
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_sentences_run16(
            EngineHandle engine, IntPtr docs, UIntPtr docCount,
            ref RunOptions.Native options, CancelHandle cancel, out ResultHandle result, out ErrorHandle error);
    }
}
