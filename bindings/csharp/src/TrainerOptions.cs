using System;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>How much time a training may take.</summary>
    public enum Preset
    {
        /// <summary>For a first impression: a few epochs, or, with few texts, as many as give 150 steps.</summary>
        Fast = 1,

        /// <summary>Ten epochs, or, with few texts, as many as give 600 steps.</summary>
        Best = 2,
    }

    /// <summary>The architecture of a head.</summary>
    public enum HeadKind
    {
        /// <summary>The best one for the task.</summary>
        Default = 0,

        /// <summary>One linear layer on the states of the last layer: a baseline, much worse for entities.</summary>
        Linear = 1,

        /// <summary>A learned mix of the encoder's layers, a norm and a linear layer; for entities also a CRF.</summary>
        Mix = 2,

        /// <summary>The same with a hidden layer. The default for relations and classes, only for them.</summary>
        Mlp = 3,

        /// <summary>The mean over the layers and a bidirectional LSTM. The default for answers, only for
        /// them.</summary>
        Lstm = 4,

        /// <summary>The same with a CRF. The default for entities, only for them.</summary>
        LstmCrf = 5,
    }

    /// <summary>Options of a training. Texts that are null or empty, and numbers that are 0, have their
    /// default.</summary>
    public sealed class TrainerOptions
    {
        /// <summary>What the offsets of examples count; UTF-16 units unless something else is chosen.</summary>
        public OffsetUnit Unit { get; set; } = OffsetUnit.Utf16Units;

        /// <summary>How much time the training may take; the best head unless something else is chosen.</summary>
        public Preset Preset { get; set; } = Preset.Best;

        /// <summary>The architecture of the head.</summary>
        public HeadKind HeadKind { get; set; }

        /// <summary>Random seed. The same seed, data and model give the same head on every processor, bit for
        /// bit.</summary>
        public long Seed { get; set; }

        /// <summary>Whether to train the head once more in the end, on training and held-out examples together,
        /// for the number of epochs that the held-out examples chose.</summary>
        public bool Refit { get; set; }

        /// <summary>Whether to give rare labels of classes and relations more weight.</summary>
        public bool Balanced { get; set; }

        /// <summary>A directory for intermediate results. A training that was killed resumes from there when the
        /// same training is started again. It is emptied in the end. If null, a nameless file in the system's
        /// temporary directory is used, and the training cannot resume.</summary>
        public string WorkPath { get; set; }

        /// <summary>The most that may be kept on disk of what the encoder says, about 1 kB a word for the
        /// default model; 0 is 32 GiB.</summary>
        public long MaxFeatureBytes { get; set; }

        /// <summary>Entities: the kind that plain <c>B</c> and <c>I</c> of a file stand for; null is
        /// <c>Entity</c>.</summary>
        public string Entity { get; set; }

        /// <summary>Relations: kind of the first entity; null is what the mask says, <c>Chemical</c> for
        /// <c>@CHEMICAL$</c>. Both kinds are given, or neither.</summary>
        public string FirstKind { get; set; }

        /// <summary>Relations: kind of the second entity.</summary>
        public string SecondKind { get; set; }

        /// <summary>Relations: what replaces the first entity; null is what a file of masked sentences
        /// has, or <c>@ENTITY1$</c>. Both masks are given, or neither.</summary>
        public string FirstMask { get; set; }

        /// <summary>Relations: what replaces the second entity.</summary>
        public string SecondMask { get; set; }

        /// <summary>Relations: the label that means "none"; null is a label that says so, such as <c>0</c> or
        /// <c>false</c>.</summary>
        public string Negative { get; set; }

        /// <summary>Licence of the weights, for the head's file.</summary>
        public string Licence { get; set; }

        /// <summary>Date of the training, for the head's file, which has none of its own accord.</summary>
        public string Date { get; set; }

        /// <summary>biobert_trainer_options.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal uint StructSize;
            internal OffsetUnit Unit;
            internal Preset Preset;
            internal HeadKind HeadKind;
            internal ulong Seed;
            internal uint Refit;
            internal uint Balanced;
            internal Str WorkPath;
            internal ulong MaxFeatureBytes;
            internal Str Entity;
            internal Str FirstKind;
            internal Str SecondKind;
            internal Str FirstMask;
            internal Str SecondMask;
            internal Str Negative;
            internal Str Licence;
            internal Str Date;
        }

        internal static unsafe Native Convert(TrainerOptions options, Pinned pinned)
        {
            options = options ?? new TrainerOptions();
            if (options.MaxFeatureBytes < 0) throw new ArgumentOutOfRangeException(nameof(MaxFeatureBytes));
            return new Native
            {
                StructSize = (uint)sizeof(Native),
                Unit = options.Unit,
                Preset = options.Preset,
                HeadKind = options.HeadKind,
                Seed = unchecked((ulong)options.Seed),
                Refit = options.Refit ? 1u : 0u,
                Balanced = options.Balanced ? 1u : 0u,
                WorkPath = pinned.Name(options.WorkPath ?? string.Empty, nameof(WorkPath)),
                MaxFeatureBytes = (ulong)options.MaxFeatureBytes,
                Entity = pinned.Name(options.Entity ?? string.Empty, nameof(Entity)),
                FirstKind = pinned.Name(options.FirstKind ?? string.Empty, nameof(FirstKind)),
                SecondKind = pinned.Name(options.SecondKind ?? string.Empty, nameof(SecondKind)),
                FirstMask = pinned.Name(options.FirstMask ?? string.Empty, nameof(FirstMask)),
                SecondMask = pinned.Name(options.SecondMask ?? string.Empty, nameof(SecondMask)),
                Negative = pinned.Name(options.Negative ?? string.Empty, nameof(Negative)),
                Licence = pinned.Name(options.Licence ?? string.Empty, nameof(Licence)),
                Date = pinned.Name(options.Date ?? string.Empty, nameof(Date)),
            };
        }
    }
}
