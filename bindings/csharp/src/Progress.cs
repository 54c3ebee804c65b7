using System.Globalization;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>The progress of a training. A later library may have more.</summary>
    public enum Phase
    {
        /// <summary>The encoder reads the texts: <see cref="Progress.Done"/> of <see cref="Progress.Of"/>
        /// sequences.</summary>
        Reading = 1,

        /// <summary>The head learns: <see cref="Progress.Done"/> of <see cref="Progress.Of"/> batches over all
        /// epochs.</summary>
        Learning = 2,

        /// <summary>An epoch has ended: <see cref="Progress.Epoch"/> is its number, from 1.</summary>
        Epoch = 3,

        /// <summary>A training that was killed resumes after <see cref="Progress.Epoch"/>.</summary>
        Resumed = 4,
    }

    /// <summary>What a training tells while it runs. Immutable.</summary>
    public sealed unsafe class Progress
    {
        internal Progress(Native* native)
        {
            Phase = native->Phase;
            Done = checked((long)native->Done);
            Of = checked((long)native->Of);
            Epoch = checked((int)native->Epoch);
            Loss = Known(native->Loss);
            F1 = Known(native->F1);
            SecondsLeft = Known(native->SecondsLeft);
        }

        /// <summary>What the training is doing.</summary>
        public Phase Phase { get; }

        /// <summary>Sequences or batches done.</summary>
        public long Done { get; }

        /// <summary>Sequences or batches in all.</summary>
        public long Of { get; }

        /// <summary>Epochs that have ended.</summary>
        public int Epoch { get; }

        /// <summary>The mean loss of the epoch so far; null while reading.</summary>
        public double? Loss { get; }

        /// <summary>F1 on the held-out examples in percent; null if they were not measured.</summary>
        public double? F1 { get; }

        /// <summary>Estimated time until learning ends; null if not known.</summary>
        public double? SecondsLeft { get; }

        /// <summary>Phase, epochs and how much is done.</summary>
        public override string ToString()
        {
            return string.Format(CultureInfo.InvariantCulture, "{0} epoch {1}, {2} of {3}", Phase, Epoch, Done, Of);
        }

        private static double? Known(double number)
        {
            return double.IsNaN(number) ? (double?)null : number;
        }

        /// <summary>biobert_progress.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal uint StructSize;
            internal Phase Phase;
            internal ulong Done;
            internal ulong Of;
            internal ulong Epoch;
            internal double Loss;
            internal double F1;
            internal double SecondsLeft;
        }
    }
}
