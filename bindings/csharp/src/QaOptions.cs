using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>A question and the passages that may answer it. Immutable.</summary>
    public sealed class Question
    {
        /// <summary>Asks a question.</summary>
        /// <param name="text">The question.</param>
        /// <param name="passages">Passages of any length; there may be none.</param>
        /// <exception cref="ArgumentException">The question, the list or a passage is null.</exception>
        public Question(string text, params string[] passages)
            : this(text, (IEnumerable<string>)passages)
        {
        }

        /// <summary>Asks a question.</summary>
        /// <param name="text">The question.</param>
        /// <param name="passages">Passages of any length; there may be none.</param>
        /// <exception cref="ArgumentException">The question, the list or a passage is null.</exception>
        public Question(string text, IEnumerable<string> passages)
        {
            if (text == null) throw new ArgumentNullException(nameof(text));
            if (passages == null) throw new ArgumentNullException(nameof(passages));
            var own = passages.ToArray();
            if (System.Array.IndexOf(own, null) >= 0) throw new ArgumentException("A passage is null.", nameof(passages));
            Text = text;
            Passages = System.Array.AsReadOnly(own);
        }

        /// <summary>The question.</summary>
        public string Text { get; }

        /// <summary>The passages that may answer it.</summary>
        public IReadOnlyList<string> Passages { get; }

        /// <summary>biobert_qa_in16.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal Str16 Text;
            internal Pinned.Array Passages;
        }

        internal static Pinned.Array Pin(IReadOnlyList<Question> questions, Pinned pinned)
        {
            if (questions == null) throw new ArgumentNullException(nameof(questions));
            var views = new Native[questions.Count];
            for (var i = 0; i < views.Length; i++)
            {
                var question = questions[i];
                if (question == null) throw new ArgumentException("Question " + i + " is null.", nameof(questions));
                views[i] = new Native
                {
                    Text = pinned.Text(question.Text, nameof(questions), i),
                    Passages = pinned.Texts(question.Passages, nameof(questions)),
                };
            }
            return pinned.Items(views, views.Length);
        }
    }

    /// <summary>Options of answers. Not to be changed while a call runs with them.</summary>
    public sealed class QaOptions : RunOptions
    {
        /// <summary>Answers to a question at most; 0 is 5.</summary>
        public int Top { get; set; }

        /// <summary>Tokens in an answer at most; 0 is 30.</summary>
        public int MaxTokens { get; set; }

        /// <summary>Whether the passages of a question decide together: each gives its answers probabilities, and an answer
        /// has the mean of what the passages give it, whichever way each writes it. Answers are mended (brackets,
        /// sentences) and the most probable comes first.</summary>
        public bool Pool { get; set; }

        /// <summary>With <see cref="Pool"/>: which part of the best answer's probability the others must have, from 0, which
        /// keeps all, to 1. For questions with several answers, such as 0.4.</summary>
        public float Threshold { get; set; }

        /// <summary>biobert_qa_options.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal new struct Native
        {
            internal uint StructSize;
            internal uint Top;
            internal uint MaxTokens;
            internal uint Pool;
            internal float Threshold;
        }

        internal static unsafe Native Convert(QaOptions options)
        {
            options = options ?? new QaOptions();
            if (options.Top < 0) throw new ArgumentOutOfRangeException(nameof(Top));
            if (options.MaxTokens < 0) throw new ArgumentOutOfRangeException(nameof(MaxTokens));
            if (!(options.Threshold >= 0 && options.Threshold <= 1)) throw new ArgumentOutOfRangeException(nameof(Threshold));
            return new Native
            {
                StructSize = (uint)sizeof(Native),
                Top = (uint)options.Top,
                MaxTokens = (uint)options.MaxTokens,
                Pool = options.Pool ? 1u : 0u,
                Threshold = options.Threshold,
            };
        }
    }
}
