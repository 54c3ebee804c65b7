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

        /// <summary>biobert_qa_options.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal new struct Native
        {
            internal uint StructSize;
            internal uint Top;
            internal uint MaxTokens;
        }

        internal static unsafe Native Convert(QaOptions options)
        {
            options = options ?? new QaOptions();
            if (options.Top < 0) throw new ArgumentOutOfRangeException(nameof(Top));
            if (options.MaxTokens < 0) throw new ArgumentOutOfRangeException(nameof(MaxTokens));
            return new Native { StructSize = (uint)sizeof(Native), Top = (uint)options.Top, MaxTokens = (uint)options.MaxTokens };
        }
    }
}
