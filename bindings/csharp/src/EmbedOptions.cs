using System;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>How the states of a document become one vector.</summary>
    public enum Pooling
    {
        /// <summary>The mean over all tokens, without [CLS] and [SEP].</summary>
        Mean = 1,

        /// <summary>The state of [CLS]; of several windows the mean.</summary>
        Cls = 2,

        /// <summary>What the model says itself: mean, linear layer, length 1. Of the last layer only.</summary>
        Model = 3,
    }

    /// <summary>Options of embeddings. Not to be changed while a call runs with them.</summary>
    public sealed class EmbedOptions : RunOptions
    {
        /// <summary>How states become a vector; null is <see cref="Biobert.Pooling.Model"/> if the model has that and
        /// no layer is chosen, else the mean.</summary>
        public Pooling? Pooling { get; set; }

        /// <summary>Which layer's states are taken; layer 0 is the embeddings, null the last layer.</summary>
        public int? Layer { get; set; }

        /// <summary>Whether vectors are scaled to length 1.</summary>
        public bool Normalize { get; set; }

        /// <summary>Whether every token's place and state is given too.</summary>
        public bool Tokens { get; set; }

        /// <summary>The prompt that is put before each text, by its name, of <see cref="Biobert.Pooling.Model"/> alone;
        /// null is the model's default one, an empty name none.</summary>
        public string Prompt { get; set; }

        /// <summary>biobert_embed_options.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal new struct Native
        {
            internal uint StructSize;
            internal Pooling Pooling;
            internal uint ChooseLayer;
            internal uint Layer;
            internal uint Normalize;
            internal uint Tokens;
            internal Str Prompt;
        }

        internal static unsafe Native Convert(EmbedOptions options, ModelHandle model, Pinned pinned)
        {
            options = options ?? new EmbedOptions();
            if (options.Layer < 0) throw new ArgumentOutOfRangeException(nameof(Layer));
            var own = !options.Layer.HasValue && ModelHandle.biobert_model_vector_width(model) != UIntPtr.Zero;
            return new Native
            {
                StructSize = (uint)sizeof(Native),
                Pooling = options.Pooling ?? (own ? Biobert.Pooling.Model : Biobert.Pooling.Mean),
                ChooseLayer = options.Layer.HasValue ? 1u : 0u,
                Layer = (uint)(options.Layer ?? 0),
                Normalize = options.Normalize ? 1u : 0u,
                Tokens = options.Tokens ? 1u : 0u,
                Prompt = options.Prompt == null ? default(Str) : pinned.Name(options.Prompt, nameof(Prompt)),
            };
        }
    }
}
