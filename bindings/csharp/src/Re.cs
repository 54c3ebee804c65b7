using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Biobert
{
    public sealed partial class Model
    {
        /// <summary>Finds relations in a document: see <see cref="DocumentResult.Relations"/> and
        /// <see cref="DocumentResult.Spans"/>. Every pair of entities of a head's kinds in one sentence is
        /// judged.</summary>
        /// <param name="doc">The document.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <exception cref="BiobertException">The document is bad, a given entity has an impossible place, the deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public DocumentResult Re(string doc, ReOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.One(Re(Call.List(doc, nameof(doc)), options, cancellationToken));
        }

        /// <summary>Finds relations in documents: see <see cref="DocumentResult.Relations"/> and
        /// <see cref="DocumentResult.Spans"/>. A bad document has its own status in its result and does not
        /// fail the others.</summary>
        /// <param name="docs">The documents.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>A result for each document, in their order.</returns>
        /// <exception cref="BiobertException">A given entity has an impossible place, the deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the documents, is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public IReadOnlyList<DocumentResult> Re(IReadOnlyList<string> docs, ReOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            using (var pinned = new Pinned())
            {
                var texts = pinned.Texts(docs, nameof(docs));
                var heads = pinned.Heads(options?.Heads);
                var given = ReOptions.Given(options?.Entities, pinned);
                var relations = ReOptions.Convert(options);
                return Call.Run(options, cancellationToken, delegate(ref RunOptions.Native run, CancelHandle cancel, out ResultHandle result, out ErrorHandle error)
                {
                    return biobert_re_run16(
                        Handle, heads.Pointer, heads.Count, texts.Pointer, texts.Count, given.Pointer, given.Count, ref relations,
                        ref run, cancel, out result, out error);
                });
            }
        }

        /// <summary><see cref="Re(string, ReOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<DocumentResult> ReAsync(string doc, ReOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Re(doc, options, cancellationToken), cancellationToken);
        }

        /// <summary><see cref="Re(IReadOnlyList{string}, ReOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<IReadOnlyList<DocumentResult>> ReAsync(IReadOnlyList<string> docs, ReOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Re(docs, options, cancellationToken), cancellationToken);
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_re_run16(
            ModelHandle model, IntPtr heads, UIntPtr headCount, IntPtr docs, UIntPtr docCount,
            IntPtr entities, UIntPtr entityCount, ref ReOptions.Native relations,
            ref RunOptions.Native options, CancelHandle cancel, out ResultHandle result, out ErrorHandle error);
    }
}
