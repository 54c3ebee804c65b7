using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>Where the encoder of a call ran.</summary>
    public enum RanOn
    {
        /// <summary>On the processor, or it had nothing to do.</summary>
        Cpu = 1,

        /// <summary>On a GPU.</summary>
        Gpu = 4,

        /// <summary>Some of it on a GPU and some on the processor, as when the GPU fails on the way.</summary>
        Both = 5,
    }

    /// <summary>BIOBERT_DOC_: how a document was read.</summary>
    [Flags]
    internal enum DocFlags : uint
    {
        Windowed = 1,
        Truncated = 2,
        ReplacedInvalid = 4,
    }

    /// <summary>What was found in a document, or what became of a question. Immutable: any thread may use
    /// it, concurrently; it needs neither model nor engine to stay and has nothing to dispose. What a task
    /// does not look for is empty.</summary>
    /// <remarks>Of a batch, a bad document has a status of its own and does not fail the others. Its flags
    /// are false, and everything that a good one has found throws <see cref="BiobertException"/> with that
    /// status and message.</remarks>
    public sealed unsafe class DocumentResult
    {
        private readonly int index;
        private readonly DocFlags flags;
        private readonly IReadOnlyList<Span> spans;
        private readonly IReadOnlyList<Relation> relations;
        private readonly IReadOnlyList<Answer> answers;
        private readonly float? noAnswer;
        private readonly IReadOnlyList<ClassScore> classes;
        private readonly IReadOnlyList<TextRange> sentences;
        private readonly IReadOnlyList<Section> sections;
        private readonly IReadOnlyList<Entity> entities;
        private readonly IReadOnlyList<CodeRelation> codeRelations;
        private readonly IReadOnlyList<TextRange> tokens;
        private readonly IReadOnlyList<Mask> masks;
        private readonly IReadOnlyList<float> embedding;
        private readonly IReadOnlyList<IReadOnlyList<float>> states;

        internal DocumentResult(ResultHandle result, UIntPtr doc, Names names)
        {
            index = checked((int)(ulong)doc);
            Device = ResultHandle.Native.biobert_result_device(result);
            Status = ResultHandle.Native.biobert_result_doc_status(result, doc);
            Message = ResultHandle.Native.biobert_result_doc_message(result, doc).Read();
            flags = (DocFlags)ResultHandle.Native.biobert_result_doc_flags(result, doc);
            if (Status != Status.Ok) return;

            IntPtr items, none = IntPtr.Zero;
            UIntPtr count, stride;
            Check(ResultHandle.Native.biobert_result_spans(result, doc, out items, out count, out stride, none));
            spans = List(items, count, stride, item => new Span((Span.Native*)item, names));
            Check(ResultHandle.Native.biobert_result_relations(result, doc, out items, out count, out stride, none));
            relations = List(items, count, stride, item => new Relation((Relation.Native*)item, spans, names));
            Check(ResultHandle.Native.biobert_result_answers(result, doc, out items, out count, out stride, none));
            answers = List(items, count, stride, item => new Answer((Answer.Native*)item, names));
            float ahead;
            Check(ResultHandle.Native.biobert_result_no_answer(result, doc, out ahead, none));
            if (!float.IsNaN(ahead)) noAnswer = ahead;
            Check(ResultHandle.Native.biobert_result_classes(result, doc, out items, out count, out stride, none));
            classes = List(items, count, stride, item => new ClassScore((ClassScore.Native*)item, names));
            Check(ResultHandle.Native.biobert_result_sentences(result, doc, out items, out count, out stride, none));
            sentences = List(items, count, stride, item => new TextRange((TextRange.Native*)item));
            Check(ResultHandle.Native.biobert_result_tokens(result, doc, out items, out count, out stride, none));
            tokens = List(items, count, stride, item => new TextRange((TextRange.Native*)item));

            var before = new List<Section>();
            Check(ResultHandle.Native.biobert_result_sections(result, doc, out items, out count, out stride, none));
            sections = List(items, count, stride, item =>
            {
                before.Add(new Section((Section.Native*)item, before, names));
                return before[before.Count - 1];
            });
            Check(ResultHandle.Native.biobert_result_also(result, doc, out items, out count, out stride, none));
            var also = List(items, count, stride, item => new Also((Also.Native*)item, names));
            Check(ResultHandle.Native.biobert_result_attributes(result, doc, out items, out count, out stride, none));
            var attributes = List(items, count, stride, item => new AttributeValue((AttributeValue.Native*)item, names));
            Check(ResultHandle.Native.biobert_result_codes(result, doc, out items, out count, out stride, none));
            var codes = List(items, count, stride, item => new Code((Code.Native*)item, names));
            Check(ResultHandle.Native.biobert_result_links(result, doc, out items, out count, out stride, none));
            var links = List(items, count, stride, item => new Link((Link.Native*)item, codes, names));
            Check(ResultHandle.Native.biobert_result_entities(result, doc, out items, out count, out stride, none));
            entities = List(items, count, stride, item => new Entity((Entity.Native*)item, sections, also, attributes, links, names));
            Check(ResultHandle.Native.biobert_result_code_relations(result, doc, out items, out count, out stride, none));
            codeRelations = List(items, count, stride, item => new CodeRelation((CodeRelation.Native*)item, names));

            Check(ResultHandle.Native.biobert_result_candidates(result, doc, out items, out count, out stride, none));
            var candidates = List(items, count, stride, item => new Candidate((Candidate.Native*)item, names));
            Check(ResultHandle.Native.biobert_result_masks(result, doc, out items, out count, out stride, none));
            masks = List(items, count, stride, item => new Mask((Mask.Native*)item, candidates));

            UIntPtr rows, width;
            Check(ResultHandle.Native.biobert_result_embedding(result, doc, out items, out width, none));
            embedding = Floats(items, width);
            Check(ResultHandle.Native.biobert_result_states(result, doc, out items, out rows, out width, none));
            states = List(items, rows, (UIntPtr)((ulong)width * sizeof(float)), row => Floats(row, width));
        }

        /// <summary><see cref="Status.Ok"/>, or why the document has no result.</summary>
        public Status Status { get; }

        /// <summary>Why the document has no result, in English; never any of its text. Empty if it has one.</summary>
        public string Message { get; }

        /// <summary>Where the encoder of the call ran, for this document and the others of the call; also if the document
        /// is bad.</summary>
        public RanOn Device { get; }

        /// <summary>Some of the document was longer than the model reads at once and was read in overlapping
        /// windows; nothing was left out.</summary>
        public bool Windowed => (flags & DocFlags.Windowed) != 0;

        /// <summary>A limit forced a cut. Relations: two entities of a sentence were too far apart to be read
        /// together. Answers: the question was cut. Classes of a pair: the shorter text was cut.</summary>
        public bool Truncated => (flags & DocFlags.Truncated) != 0;

        /// <summary>Lone surrogates were read as U+FFFD.</summary>
        public bool ReplacedInvalid => (flags & DocFlags.ReplacedInvalid) != 0;

        /// <summary>The entities by start, then the longer first. Entities of one head do
        /// not overlap; those of different heads may.</summary>
        /// <exception cref="BiobertException">The document is bad.</exception>
        public IReadOnlyList<Span> Spans => Found(spans);

        /// <summary>The relations by head, then by the places of the two entities.</summary>
        /// <exception cref="BiobertException">The document is bad.</exception>
        public IReadOnlyList<Relation> Relations => Found(relations);

        /// <summary>The answers to the question, the best first; of answers with the same text, ignoring
        /// case, only the best.</summary>
        /// <exception cref="BiobertException">The question or a passage is bad.</exception>
        public IReadOnlyList<Answer> Answers => Found(answers);

        /// <summary>The score of "no answer" minus that of the best answer. Above 0, the passages probably do not
        /// contain the answer. Infinite if there is no possible answer, null if no head gives answers.</summary>
        /// <exception cref="BiobertException">The question or a passage is bad.</exception>
        public float? NoAnswer => Found(noAnswer);

        /// <summary>The classes of a document or a pair, and yes or no to a question: every label of every
        /// head, head by head, the most probable label first.</summary>
        /// <exception cref="BiobertException">The document is bad.</exception>
        public IReadOnlyList<ClassScore> Classes => Found(classes);

        /// <summary>The sentences in order.</summary>
        /// <exception cref="BiobertException">The document is bad.</exception>
        public IReadOnlyList<TextRange> Sentences => Found(sentences);

        /// <summary>The sections of a note by start; a section comes before those within it.</summary>
        /// <exception cref="BiobertException">The document is bad.</exception>
        public IReadOnlyList<Section> Sections => Found(sections);

        /// <summary>The entities of a note with what the note says of them, by start, then the longer first; each
        /// finding once. <see cref="Spans"/> has the same in the same order.</summary>
        /// <exception cref="BiobertException">The document is bad.</exception>
        public IReadOnlyList<Entity> Entities => Found(entities);

        /// <summary>The relations between codes that a note as a whole states, system by system: only with terminologies
        /// and the head cid named.</summary>
        /// <exception cref="BiobertException">The document is bad.</exception>
        public IReadOnlyList<CodeRelation> CodeRelations => Found(codeRelations);

        /// <summary>The tokens of an embedded document in order, if the options asked for them.</summary>
        /// <exception cref="BiobertException">The document is bad.</exception>
        public IReadOnlyList<TextRange> Tokens => Found(tokens);

        /// <summary>The masks of a document that was filled, in order, with what may stand there.</summary>
        /// <exception cref="BiobertException">The document is bad, has no mask or is too long.</exception>
        public IReadOnlyList<Mask> Masks => Found(masks);

        /// <summary>The vector of an embedded document; all zero for a document without words.</summary>
        /// <exception cref="BiobertException">The document is bad.</exception>
        public IReadOnlyList<float> Embedding => Found(embedding);

        /// <summary>The state of each of <see cref="Tokens"/>, if the options asked for them.</summary>
        /// <exception cref="BiobertException">The document is bad.</exception>
        public IReadOnlyList<IReadOnlyList<float>> States => Found(states);

        internal void ThrowIfBad()
        {
            if (Status != Status.Ok) throw new BiobertException(Status, Message, index);
        }

        private T Found<T>(T found)
        {
            ThrowIfBad();
            return found;
        }

        private static void Check(Status status)
        {
            if (status != Status.Ok) throw new BiobertException(status, "A result cannot be read.");
        }

        /// <summary>Structs lie stride bytes apart: a later library may have longer ones.</summary>
        private static IReadOnlyList<T> List<T>(IntPtr items, UIntPtr count, UIntPtr stride, Func<IntPtr, T> read)
        {
            var list = new T[checked((int)(ulong)count)];
            for (var i = 0; i < list.Length; i++) list[i] = read((IntPtr)((byte*)items + (ulong)i * (ulong)stride));
            return Array.AsReadOnly(list);
        }

        private static IReadOnlyList<float> Floats(IntPtr values, UIntPtr count)
        {
            var list = new float[checked((int)(ulong)count)];
            // An empty list may have any pointer.
            if (list.Length > 0) Marshal.Copy(values, list, 0, list.Length);
            return Array.AsReadOnly(list);
        }
    }
}
