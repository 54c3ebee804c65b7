using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>How carefully a bundle is checked when it is opened.</summary>
    public enum Integrity
    {
        /// <summary>Every byte of every file against its SHA-256.</summary>
        Full = 1,

        /// <summary>Small files as above; of the tensor files only length and header.</summary>
        Headers = 2,
    }

    /// <summary>Whether a model's files are mapped or copied.</summary>
    public enum Loading
    {
        /// <summary>Map them: processes share the pages. Overwriting a mapped file in place kills the process;
        /// replace a model by renaming directories.</summary>
        Map = 1,

        /// <summary>Read them into memory: safe whatever happens to the files.</summary>
        Copy = 2,
    }

    /// <summary>The arithmetic of a model.</summary>
    public enum Precision
    {
        /// <summary>That of the stored weights: int8 for a bundle, f32 for a checkpoint.</summary>
        Default = 0,

        /// <summary>32-bit floating point.</summary>
        F32 = 1,

        /// <summary>8-bit integers with exact sums: the same bits on every processor. ONNX graphs that are not
        /// BERT have none.</summary>
        Int8 = 2,
    }

    /// <summary>What decides whether a WordPiece tokenizer keeps the case of text.</summary>
    public enum Casing
    {
        /// <summary>The vocabulary: for a cased one text is never lower-cased, whatever the checkpoint's files
        /// say.</summary>
        Vocabulary = 1,

        /// <summary>The checkpoint's files; where they say nothing, text is lower-cased.</summary>
        Files = 2,
    }

    /// <summary>Options of opening a model.</summary>
    public sealed class ModelOptions
    {
        /// <summary>How carefully a bundle is checked; fully unless something else is chosen.</summary>
        public Integrity Integrity { get; set; } = Integrity.Full;

        /// <summary>Whether files are mapped or copied; mapped unless something else is chosen.</summary>
        public Loading Loading { get; set; } = Loading.Map;

        /// <summary>The arithmetic.</summary>
        public Precision Precision { get; set; }

        /// <summary>What decides whether text keeps its case; the vocabulary unless something else is chosen.</summary>
        public Casing Casing { get; set; } = Casing.Vocabulary;

        /// <summary>Names for the outputs of a checkpoint's head, in their order; null or empty: those that the
        /// checkpoint has. A bundle takes none.</summary>
        public IReadOnlyList<string> Labels { get; set; }

        /// <summary>biobert_model_options.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal uint StructSize;
            internal Integrity Integrity;
            internal Loading Loading;
            internal Precision Precision;
            internal Casing Casing;
            internal IntPtr Labels;
            internal UIntPtr NLabels;
        }

        /// <summary>The options as the C interface has them; the labels live as long as they are pinned.</summary>
        internal static unsafe Native Convert(ModelOptions options, Pinned pinned)
        {
            options = options ?? new ModelOptions();
            var labels = pinned.Names(options.Labels, nameof(Labels));
            return new Native
            {
                StructSize = (uint)sizeof(Native),
                Integrity = options.Integrity,
                Loading = options.Loading,
                Precision = options.Precision,
                Casing = options.Casing,
                Labels = labels.Pointer,
                NLabels = labels.Count,
            };
        }
    }
}
