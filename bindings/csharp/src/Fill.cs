using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Biobert
{
    public sealed partial class Model
    {
        /// <summary>Fills the masks of a document: see <see cref="DocumentResult.Masks"/>.</summary>
        /// <param name="doc">A text with <see cref="MaskToken"/> where a word is missing.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <exception cref="BiobertException">The document is bad, has no mask or is longer than the model reads at
        /// once; the deadline passed; or the model has no masked-language head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument is null or out of range, or the options name heads.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public DocumentResult Fill(string doc, FillOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.One(Fill(Call.List(doc, nameof(doc)), options, cancellationToken));
        }

        /// <summary>Fills the masks of documents: the pieces that may stand at each, with their probabilities; see
        /// <see cref="DocumentResult.Masks"/>. Of several masks each is filled as if the others stayed open. A bad
        /// document has its own status in its result and does not fail the others.</summary>
        /// <param name="docs">Texts with <see cref="MaskToken"/> where words are missing.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>A result for each document, in their order.</returns>
        /// <exception cref="BiobertException">The deadline passed, or the model has no masked-language head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the documents, is null or out of range, or the options name heads.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public IReadOnlyList<DocumentResult> Fill(IReadOnlyList<string> docs, FillOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            using (var pinned = new Pinned())
            {
                Call.NoHeads(options);
                var texts = pinned.Texts(docs, nameof(docs));
                var fill = FillOptions.Convert(options);
                return Call.Run(options, cancellationToken, delegate(ref RunOptions.Native run, CancelHandle cancel, out ResultHandle result, out ErrorHandle error)
                {
                    return biobert_fill_run16(Handle, texts.Pointer, texts.Count, ref fill, ref run, cancel, out result, out error);
                });
            }
        }

        /// <summary><see cref="Fill(string, FillOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<DocumentResult> FillAsync(string doc, FillOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Fill(doc, options, cancellationToken), cancellationToken);
        }

        /// <summary><see cref="Fill(IReadOnlyList{string}, FillOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<IReadOnlyList<DocumentResult>> FillAsync(IReadOnlyList<string> docs, FillOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Fill(docs, options, cancellationToken), cancellationToken);
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_fill_run16(
            ModelHandle model, IntPtr docs, UIntPtr docCount, ref FillOptions.Native fill,
            ref RunOptions.Native options, CancelHandle cancel, out ResultHandle result, out ErrorHandle error);
    }

    /// <summary>Options of filling masks. Not to be changed while a call runs with them.</summary>
    public sealed class FillOptions : RunOptions
    {
        /// <summary>Candidates for a mask at most; 0 is 5.</summary>
        public int TopK { get; set; }

        /// <summary>biobert_fill_options.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal new struct Native
        {
            internal uint StructSize;
            internal uint TopK;
        }

        internal static unsafe Native Convert(FillOptions options)
        {
            options = options ?? new FillOptions();
            if (options.TopK < 0) throw new ArgumentOutOfRangeException(nameof(TopK));
            return new Native { StructSize = (uint)sizeof(Native), TopK = (uint)options.TopK };
        }
    }
}
