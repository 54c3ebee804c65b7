using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>What offsets count.</summary>
    public enum OffsetUnit
    {
        /// <summary>Bytes of the text in UTF-8.</summary>
        Utf8Bytes = 1,

        /// <summary>Unicode scalar values.</summary>
        UnicodeScalars = 2,

        /// <summary>UTF-16 units: indices into a string.</summary>
        Utf16Units = 3,
    }

    /// <summary>What to do with a text that has lone surrogates.</summary>
    public enum InvalidText
    {
        /// <summary>Refuse it: its status becomes <see cref="Status.Encoding"/>, with the position in its message.</summary>
        Reject = 1,

        /// <summary>Read each lone surrogate as U+FFFD; offsets still point into the original.</summary>
        Replace = 2,
    }

    /// <summary>What in a text stands for other characters. It is read as those; offsets still point into the
    /// original. A place that begins or ends within a reference begins or ends at its edge. What is no valid
    /// reference or sequence stays as it is.</summary>
    public enum Markup
    {
        /// <summary>Nothing.</summary>
        None = 1,

        /// <summary>HTML's character references, such as <c>&amp;beta;</c> and <c>&amp;#39;</c>. Tags stay.</summary>
        Entities = 2,

        /// <summary>The escape sequences in a text field of HL7 version 2, such as <c>\T\</c> and <c>\.br\</c>.</summary>
        Hl7 = 3,
    }

    /// <summary>Options of a call on documents. Not to be changed while a call runs with them.</summary>
    public class RunOptions
    {
        /// <summary>What offsets count; UTF-16 units unless something else is chosen.</summary>
        public OffsetUnit Unit { get; set; } = OffsetUnit.Utf16Units;

        /// <summary>What to do with invalid text; it is refused unless something else is chosen.</summary>
        public InvalidText InvalidText { get; set; } = InvalidText.Reject;

        /// <summary>What in a text stands for other characters; nothing unless something else is chosen.</summary>
        public Markup Markup { get; set; } = Markup.None;

        /// <summary>Time after which the call ends with <see cref="Status.Deadline"/>, above zero and below
        /// 49 days; null is never.</summary>
        public TimeSpan? Deadline { get; set; }

        /// <summary>Names of the heads that work on the call; null or none is all of the task, and of
        /// Extract the model's default heads. Sentences, sections and embeddings have no heads.</summary>
        public IReadOnlyList<string> Heads { get; set; }

        /// <summary>biobert_run_options.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal uint StructSize;
            internal OffsetUnit Unit;
            internal InvalidText InvalidText;
            internal uint DeadlineMs;
            internal Markup Markup;
        }

        internal static unsafe Native Convert(RunOptions options)
        {
            options = options ?? new RunOptions();
            return new Native
            {
                StructSize = (uint)sizeof(Native),
                Unit = options.Unit,
                InvalidText = options.InvalidText,
                DeadlineMs = options.DeadlineMs(),
                Markup = options.Markup,
            };
        }

        private uint DeadlineMs()
        {
            if (Deadline == null) return 0;
            // Rounded up: 0 would be no deadline at all.
            var ms = Math.Ceiling(Deadline.Value.TotalMilliseconds);
            if (ms < 1 || ms > uint.MaxValue) throw new ArgumentOutOfRangeException(nameof(Deadline));
            return (uint)ms;
        }
    }
}
