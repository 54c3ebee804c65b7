using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Biobert
{
    public sealed partial class Model
    {
        /// <summary>Answers a question from its passages: see <see cref="DocumentResult.Answers"/>,
        /// <see cref="DocumentResult.NoAnswer"/> and, for yes or no, <see cref="DocumentResult.Classes"/>.
        /// Offsets are into the passages.</summary>
        /// <param name="question">The question and its passages.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <exception cref="BiobertException">The question or a passage is bad, the deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public DocumentResult Qa(Question question, QaOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            if (question == null) throw new ArgumentNullException(nameof(question));
            return Call.One(Qa(new[] { question }, options, cancellationToken));
        }

        /// <summary>Answers questions, each from its own passages: see <see cref="DocumentResult.Answers"/>. A
        /// question that is bad, or has a bad passage, has its own status in its result and does not fail the
        /// others.</summary>
        /// <param name="questions">The questions and their passages.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>A result for each question, in their order.</returns>
        /// <exception cref="BiobertException">The deadline passed, or there is no such head.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the questions, is null or out of range.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public IReadOnlyList<DocumentResult> Qa(IReadOnlyList<Question> questions, QaOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            using (var pinned = new Pinned())
            {
                var asked = Question.Pin(questions, pinned);
                var heads = pinned.Heads(options?.Heads);
                var answers = QaOptions.Convert(options);
                return Call.Run(options, cancellationToken, delegate(ref RunOptions.Native run, CancelHandle cancel, out ResultHandle result, out ErrorHandle error)
                {
                    return biobert_qa_run16(Handle, heads.Pointer, heads.Count, asked.Pointer, asked.Count, ref answers, ref run, cancel, out result, out error);
                });
            }
        }

        /// <summary><see cref="Qa(Question, QaOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<DocumentResult> QaAsync(Question question, QaOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Qa(question, options, cancellationToken), cancellationToken);
        }

        /// <summary><see cref="Qa(IReadOnlyList{Question}, QaOptions, CancellationToken)"/> on a thread of the pool.</summary>
        public Task<IReadOnlyList<DocumentResult>> QaAsync(IReadOnlyList<Question> questions, QaOptions options = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            return Call.Async(() => Qa(questions, options, cancellationToken), cancellationToken);
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_qa_run16(
            ModelHandle model, IntPtr heads, UIntPtr headCount, IntPtr questions, UIntPtr questionCount, ref QaOptions.Native answers,
            ref RunOptions.Native options, CancelHandle cancel, out ResultHandle result, out ErrorHandle error);
    }
}
