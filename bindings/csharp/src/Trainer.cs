using System;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Biobert
{
    /// <summary>What a head is for.</summary>
    public enum HeadTask
    {
        /// <summary>Named entities.</summary>
        Ner = 1,

        /// <summary>Relations between two entities.</summary>
        Re = 2,

        /// <summary>Answers to questions.</summary>
        Qa = 3,

        /// <summary>Classes of documents.</summary>
        Classify = 4,

        /// <summary>What notes say of their entities: whether the patient has them.</summary>
        Assertion = 5,
    }

    /// <summary>A training with its examples. It keeps what it needs of its model, which may be disposed
    /// before it.</summary>
    /// <remarks>One thread at a time: a call while another one runs, also one from the function that is told
    /// the progress, throws <see cref="BiobertException"/> with <see cref="Status.Busy"/>. Any thread may
    /// dispose it: a running call ends as usual.</remarks>
    public sealed partial class Trainer : IDisposable
    {
        private readonly TrainerHandle handle;

        // The handle counts as closed only when the last running call has ended.
        private volatile bool isDisposed;

        /// <summary>Makes a trainer without examples.</summary>
        /// <param name="model">The model whose encoder the head is for. One that is an ONNX graph other than BERT cannot be trained on.</param>
        /// <param name="task">What the head shall answer.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <exception cref="BiobertException">The model cannot be trained on, or the options do not fit the task.</exception>
        /// <exception cref="ArgumentException">The model is null, or a number or text of the options is not valid.</exception>
        /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
        public Trainer(Model model, HeadTask task, TrainerOptions options = null)
        {
            if (model == null) throw new ArgumentNullException(nameof(model));
            using (var pinned = new Pinned())
            {
                ErrorHandle error;
                var native = TrainerOptions.Convert(options, pinned);
                ErrorHandle.Check(TrainerHandle.biobert_trainer_create(model.Handle, task, ref native, out handle, out error), error);
            }
        }

        private TrainerHandle Handle
        {
            get
            {
                if (isDisposed) throw new ObjectDisposedException(nameof(Trainer));
                return handle;
            }
        }

        /// <summary>Trains a head from the examples; it takes seconds to minutes. More examples may be added
        /// later and a head trained again: the one before it stays until then.</summary>
        /// <param name="progress">Is told where the training stands, many times a second, on the caller's thread.
        /// False stops the training, which keeps the best head so far; so does what it throws, which then comes
        /// out of this call.</param>
        /// <param name="cancellationToken">Stops the training, which keeps the best head so far.</param>
        /// <exception cref="OperationCanceledException">The training was stopped before there was a head: before its first epoch had ended.</exception>
        /// <exception cref="BiobertException">There is not enough to learn from, a file cannot be written, or the trainer is in use.</exception>
        /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
        public void Fit(Func<Progress, bool> progress = null, CancellationToken cancellationToken = default(CancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var sink = new ProgressSink(progress);
            using (var cancellation = new Cancellation(cancellationToken))
            {
                ErrorHandle error;
                var status = TrainerHandle.biobert_trainer_fit(Handle, sink.OnProgress, IntPtr.Zero, cancellation.Switch, out error);
                // Until here the library may call it.
                GC.KeepAlive(sink);
                using (error)
                {
                    sink.Rethrow();
                    ErrorHandle.Check(status, error, cancellationToken);
                }
            }
        }

        /// <summary>The report of the training as JSON: labels, overall scores and scores by label, confusion table,
        /// calibration, history, and whether it was stopped.</summary>
        /// <exception cref="BiobertException">No head has been trained yet, or the trainer is in use.</exception>
        /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
        public string ReportJson()
        {
            JsonHandle json;
            ErrorHandle error;
            return JsonHandle.Take(TrainerHandle.biobert_trainer_report_json(Handle, out json, out error), json, error);
        }

        /// <summary>Measures the head on the examples of <see cref="Split.Test"/>, as JSON: overall scores and scores by
        /// label, confusion table, calibration error.</summary>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <exception cref="BiobertException">There are no such examples, no head has been trained yet, or the trainer is in use.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
        public string Eval(CancellationToken cancellationToken = default(CancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (var cancellation = new Cancellation(cancellationToken))
            {
                JsonHandle json;
                ErrorHandle error;
                var status = TrainerHandle.biobert_trainer_eval(Handle, cancellation.Switch, out json, out error);
                return JsonHandle.Take(status, json, error, cancellationToken);
            }
        }

        /// <summary>The head that was trained, to be given to <see cref="Model.WithHead"/> or saved.</summary>
        /// <returns>The head, to be disposed by the caller.</returns>
        /// <exception cref="BiobertException">No head has been trained yet, or the trainer is in use.</exception>
        /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
        public Head Head()
        {
            HeadHandle head;
            ErrorHandle error;
            ErrorHandle.Check(TrainerHandle.biobert_trainer_head(Handle, out head, out error), error);
            return new Head(head);
        }

        /// <summary>Frees the trainer with its examples. May be called more than once, and while it trains.</summary>
        public void Dispose()
        {
            isDisposed = true;
            handle.Dispose();
        }
    }

    /// <summary>biobert_trainer.</summary>
    internal sealed class TrainerHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private TrainerHandle()
            : base(true)
        {
        }

        protected override bool ReleaseHandle()
        {
            biobert_trainer_free(handle);
            return true;
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_trainer_create(ModelHandle model, HeadTask task, ref TrainerOptions.Native options, out TrainerHandle trainer, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_trainer_fit(TrainerHandle trainer, ProgressSink.Function progress, IntPtr userdata, CancelHandle cancel, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_trainer_report_json(TrainerHandle trainer, out JsonHandle json, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_trainer_eval(TrainerHandle trainer, CancelHandle cancel, out JsonHandle json, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        internal static extern Status biobert_trainer_head(TrainerHandle trainer, out HeadHandle head, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern void biobert_trainer_free(IntPtr trainer);
    }
}
