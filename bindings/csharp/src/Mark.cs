using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>An entity that is marked in a text to learn from. Immutable.</summary>
    public sealed class Mark
    {
        /// <summary>Marks an entity.</summary>
        /// <param name="start">Offset of its first character, in the unit of the trainer.</param>
        /// <param name="end">Offset after its last character.</param>
        /// <param name="label">Its kind, such as <c>Anatomy</c>.</param>
        /// <param name="assertion">What the text says of it, to learn assertions; null if that is not known.</param>
        /// <exception cref="ArgumentException">A number is negative, or the label is null.</exception>
        public Mark(int start, int end, string label, AssertionValue? assertion = null)
        {
            if (start < 0) throw new ArgumentOutOfRangeException(nameof(start));
            if (end < 0) throw new ArgumentOutOfRangeException(nameof(end));
            if (label == null) throw new ArgumentNullException(nameof(label));
            Start = start;
            End = end;
            Label = label;
            Assertion = assertion;
        }

        /// <summary>Offset of its first character, in the unit of the trainer.</summary>
        public int Start { get; }

        /// <summary>Offset after its last character.</summary>
        public int End { get; }

        /// <summary>Its kind.</summary>
        public string Label { get; }

        /// <summary>What the text says of it; null if that is not known.</summary>
        public AssertionValue? Assertion { get; }

        /// <summary>biobert_mark_in.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong Start;
            internal ulong End;
            internal Str Label;
        }

        internal static Pinned.Array Pin(IReadOnlyList<Mark> marks, Pinned pinned)
        {
            if (marks == null) throw new ArgumentNullException(nameof(marks));
            var views = new Native[marks.Count];
            for (var i = 0; i < views.Length; i++)
            {
                var mark = marks[i];
                if (mark == null) throw new ArgumentException("Mark " + i + " is null.", nameof(marks));
                views[i] = new Native { Start = (ulong)mark.Start, End = (ulong)mark.End, Label = pinned.Name(mark.Label, nameof(marks)) };
            }
            return pinned.Items(views, views.Length);
        }

        /// <summary>The assertions of marks, which <see cref="Pin"/> has checked; 0 where there is none.</summary>
        internal static Pinned.Array PinAssertions(IReadOnlyList<Mark> marks, Pinned pinned)
        {
            var numbers = new int[marks.Count];
            for (var i = 0; i < numbers.Length; i++) numbers[i] = (int)marks[i].Assertion.GetValueOrDefault();
            return pinned.Items(numbers, numbers.Length);
        }
    }
}
