using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>An entity that the caller already knows. Immutable.</summary>
    public sealed class GivenEntity
    {
        /// <summary>Describes an entity.</summary>
        /// <param name="doc">Index of its document in the call; 0 if the call has one.</param>
        /// <param name="start">Offset of its first character, in the unit of the call.</param>
        /// <param name="end">Offset after its last character.</param>
        /// <param name="kind">Its kind, such as <c>Chemical</c>; case does not matter.</param>
        /// <exception cref="ArgumentException">A number is negative, or the kind is null.</exception>
        public GivenEntity(int doc, int start, int end, string kind)
        {
            if (doc < 0) throw new ArgumentOutOfRangeException(nameof(doc));
            if (start < 0) throw new ArgumentOutOfRangeException(nameof(start));
            if (end < 0) throw new ArgumentOutOfRangeException(nameof(end));
            if (kind == null) throw new ArgumentNullException(nameof(kind));
            Doc = doc;
            Start = start;
            End = end;
            Kind = kind;
        }

        /// <summary>Index of its document in the call.</summary>
        public int Doc { get; }

        /// <summary>Offset of its first character, in the unit of the call.</summary>
        public int Start { get; }

        /// <summary>Offset after its last character.</summary>
        public int End { get; }

        /// <summary>Its kind.</summary>
        public string Kind { get; }

        /// <summary>biobert_entity_in.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct Native
        {
            internal ulong Doc;
            internal ulong Start;
            internal ulong End;
            internal Str Kind;
        }
    }

    /// <summary>Options of relations. Not to be changed while a call runs with them.</summary>
    public sealed class ReOptions : RunOptions
    {
        /// <summary>Whether to list also pairs that a head finds unrelated.</summary>
        public bool Unrelated { get; set; }

        /// <summary>The entities; null: those that the model's NER heads find. An empty list is not null.</summary>
        public IReadOnlyList<GivenEntity> Entities { get; set; }

        /// <summary>biobert_re_options.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal new struct Native
        {
            internal uint StructSize;
            internal uint Unrelated;
        }

        internal static unsafe Native Convert(ReOptions options)
        {
            var unrelated = options != null && options.Unrelated;
            return new Native { StructSize = (uint)sizeof(Native), Unrelated = unrelated ? 1u : 0u };
        }

        internal static Pinned.Array Given(IReadOnlyList<GivenEntity> entities, Pinned pinned)
        {
            if (entities == null) return default(Pinned.Array);
            // Counted once: the list may be another one the next time, and native code reads what is counted.
            var given = new GivenEntity.Native[entities.Count];
            for (var i = 0; i < given.Length; i++)
            {
                var entity = entities[i];
                if (entity == null) throw new ArgumentException("Entity " + i + " is null.", nameof(Entities));
                given[i] = new GivenEntity.Native
                {
                    Doc = (ulong)entity.Doc,
                    Start = (ulong)entity.Start,
                    End = (ulong)entity.End,
                    Kind = pinned.Name(entity.Kind, nameof(Entities)),
                };
            }
            // Room for one at least: an empty list is told from none by its pointer.
            return pinned.Items(given.Length == 0 ? new GivenEntity.Native[1] : given, given.Length);
        }
    }
}
