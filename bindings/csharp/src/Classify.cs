using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Biobert
{
    public sealed partial class Model
    {
        /// <summary>Classifies a document: see <see cref="DocumentResult.Classes"/>.</summary>
        /// <param name="doc">The document.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <exception cref="BiobertException">The document is bad, the deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public DocumentResult Classify(string doc, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.One(Classify(Call.List(doc, nameof(doc)), options, cancellationToken));
        }

        /// <summary>Classifies documents: see <see cref="DocumentResult.Classes"/>. A bad document has its own
        /// status in its result and does not fail the others.</summary>
        /// <param name="docs">The documents.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>A result for each document, in their order.</returns>
        /// <exception cref="BiobertException">The deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the documents, is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public IReadOnlyList<DocumentResult> Classify(IReadOnlyList<string> docs, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            using (var pinned = new Pinned())
            {
                return Classify(pinned, pinned.Texts(docs, nameof(docs)), default(Pinned.Array), options, cancellationToken);
            }
        }

        /// <summary>Classifies a document together with a second text: a note and a trial criterion. If they
        /// are too long together, the longer one is read in windows.</summary>
        /// <param name="doc">The document.</param>
        /// <param name="second">The second text.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <exception cref="BiobertException">A text is bad, the deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public DocumentResult ClassifyPair(string doc, string second, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.One(ClassifyPairs(Call.List(doc, nameof(doc)), Call.List(second, nameof(second)), options, cancellationToken));
        }

        /// <summary>Classifies documents, each together with the second text of the same index. A bad pair has
        /// its own status in its result and does not fail the others.</summary>
        /// <param name="docs">The documents.</param>
        /// <param name="seconds">As many second texts.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>A result for each pair, in their order.</returns>
        /// <exception cref="BiobertException">The deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the texts, is null or out of range, or the lists differ in length.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public IReadOnlyList<DocumentResult> ClassifyPairs(IReadOnlyList<string> docs, IReadOnlyList<string> seconds, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            using (var pinned = new Pinned())
            {
                var texts = pinned.Texts(docs, nameof(docs));
                var others = pinned.Texts(seconds, nameof(seconds));
                if (texts.Count != others.Count) throw new ArgumentException("There must be as many second texts as documents.", nameof(seconds));
                return Classify(pinned, texts, others, options, cancellationToken);
            }
        }

        private IReadOnlyList<DocumentResult> Classify(Pinned pinned, Pinned.Array texts, Pinned.Array seconds, RunOptions options, CancellationToken token)
        {
            var heads = pinned.Heads(options?.Heads);
            return Call.Run(options, token, delegate(ref RunOptions.Native run, CancelHandle cancel, out ResultHandle result, out ErrorHandle error)
            {
                return biobert_classify_run16(
                    Handle, heads.Pointer, heads.Count, texts.Pointer, seconds.Pointer, texts.Count, ref run, cancel, out result, out error);
            });
        }

        /// <summary><see cref="Classify(string, RunOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<DocumentResult> ClassifyAsync(string doc, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Classify(doc, options, cancellationToken), cancellationToken);
        }

        /// <summary><see cref="Classify(IReadOnlyList{string}, RunOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<IReadOnlyList<DocumentResult>> ClassifyAsync(IReadOnlyList<string> docs, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Classify(docs, options, cancellationToken), cancellationToken);
        }

        /// <summary><see cref="ClassifyPair"/> on a thread of the pool.</summary>
        public Task<DocumentResult> ClassifyPairAsync(string doc, string second, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => ClassifyPair(doc, second, options, cancellationToken), cancellationToken);
        }

        /// <summary><see cref="ClassifyPairs"/> on a thread of the pool.</summary>
        public Task<IReadOnlyList<DocumentResult>> ClassifyPairsAsync(IReadOnlyList<string> docs, IReadOnlyList<string> seconds, RunOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => ClassifyPairs(docs, seconds, options, cancellationToken), cancellationToken);
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_classify_run16(
            ModelHandle model, IntPtr heads, UIntPtr headCount, IntPtr docs, IntPtr seconds, UIntPtr docCount,
            ref RunOptions.Native options, CancelHandle cancel, out ResultHandle result, out ErrorHandle error);
    }
}
