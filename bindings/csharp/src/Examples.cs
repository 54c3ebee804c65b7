using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Biobert
{
    /// <summary>What examples are for.</summary>
    public enum Split
    {
        /// <summary>Train the head.</summary>
        Train = 1,

        /// <summary>Choose the best epoch and correct the probabilities. Without any, a tenth of the
        /// examples for training, drawn by class and random seed, is held out for this.</summary>
        Dev = 2,

        /// <summary>Measure the head, with <see cref="Trainer.Eval"/>.</summary>
        Test = 3,
    }

    public sealed unsafe partial class Trainer
    {
        /// <summary>Adds a text with all its entities.</summary>
        /// <param name="split">What it is for.</param>
        /// <param name="text">The text.</param>
        /// <param name="marks">Its entities, which may be none and must not overlap.</param>
        /// <exception cref="BiobertException">A place is impossible, entities overlap, a label is empty, the text is not valid, the trainer is for another task or in use; nothing is added.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the marks, is null, or a label is not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
        public void AddNer(Split split, string text, IReadOnlyList<Mark> marks)
        {
            using (var pinned = new Pinned())
            {
                ErrorHandle error;
                var entities = Mark.Pin(marks, pinned);
                var status = biobert_trainer_add_ner16(Handle, split, pinned.Text(text, nameof(text)), entities.Pointer, entities.Count, out error);
                ErrorHandle.Check(status, error);
            }
        }

        /// <summary>Adds a text with its entities and what it says of each.</summary>
        /// <param name="split">What it is for.</param>
        /// <param name="text">The text.</param>
        /// <param name="marks">Its entities, each with an assertion; they must not overlap.</param>
        /// <exception cref="BiobertException">A place is impossible, entities overlap, a label is empty, a mark has no assertion, the text is not valid, the trainer is for another task or in use; nothing is added.</exception>
        /// <exception cref="ArgumentException">An argument, or one of the marks, is null, or a label is not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
        public void AddAssertion(Split split, string text, IReadOnlyList<Mark> marks)
        {
            using (var pinned = new Pinned())
            {
                ErrorHandle error;
                var entities = Mark.Pin(marks, pinned);
                var assertions = Mark.PinAssertions(marks, pinned);
                var status = biobert_trainer_add_assertion16(
                    Handle, split, pinned.Text(text, nameof(text)), entities.Pointer, assertions.Pointer, entities.Count, out error);
                ErrorHandle.Check(status, error);
            }
        }

        /// <summary>Adds two entities of a text and the label of their relation. Of a long text, only the sentence
        /// with the two is read. Also add pairs that are not related, with a label that says so.</summary>
        /// <param name="split">What it is for.</param>
        /// <param name="text">The text.</param>
        /// <param name="first">Place of the first entity.</param>
        /// <param name="second">Place of the second entity.</param>
        /// <param name="label">How they are related.</param>
        /// <exception cref="BiobertException">A place is impossible, the label is empty, the text is not valid, the trainer is for another task or in use; nothing is added.</exception>
        /// <exception cref="ArgumentException">An argument is null, or the label is not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
        public void AddRe(Split split, string text, TextRange first, TextRange second, string label)
        {
            if (first == null) throw new ArgumentNullException(nameof(first));
            if (second == null) throw new ArgumentNullException(nameof(second));
            if (label == null) throw new ArgumentNullException(nameof(label));
            using (var pinned = new Pinned())
            {
                ErrorHandle error;
                var view = pinned.Text(text, nameof(text));
                var status = biobert_trainer_add_re16(Handle, split, view, first.ToNative(), second.ToNative(), pinned.Name(label, nameof(label)), out error);
                ErrorHandle.Check(status, error);
            }
        }

        /// <summary>Adds a text and its class.</summary>
        /// <param name="split">What it is for.</param>
        /// <param name="text">The text.</param>
        /// <param name="label">Its class.</param>
        /// <param name="second">The text that it is judged together with; null if it is judged by itself.</param>
        /// <exception cref="BiobertException">Text or label is empty, a text is not valid, the trainer is for another task or in use; nothing is added.</exception>
        /// <exception cref="ArgumentException">Text or label is null, or the label is not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
        public void AddClass(Split split, string text, string label, string second = null)
        {
            if (label == null) throw new ArgumentNullException(nameof(label));
            using (var pinned = new Pinned())
            {
                ErrorHandle error;
                var view = pinned.Text(text, nameof(text));
                var other = pinned.Text(second ?? string.Empty, nameof(second));
                var status = biobert_trainer_add_class16(Handle, split, view, second == null ? null : &other, pinned.Name(label, nameof(label)), out error);
                ErrorHandle.Check(status, error);
            }
        }

        /// <summary>Adds a question with a passage and the place of the answer in it.</summary>
        /// <param name="split">What it is for.</param>
        /// <param name="question">The question.</param>
        /// <param name="passage">The passage.</param>
        /// <param name="answer">Place of the answer in the passage; null if the passage does not contain the answer.</param>
        /// <exception cref="BiobertException">The place is impossible, the question is empty, a text is not valid, the trainer is for another task or in use; nothing is added.</exception>
        /// <exception cref="ArgumentException">Question or passage is null.</exception>
        /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
        public void AddQa(Split split, string question, string passage, TextRange answer)
        {
            using (var pinned = new Pinned())
            {
                ErrorHandle error;
                var place = answer == null ? default(TextRange.Native) : answer.ToNative();
                var status = biobert_trainer_add_qa16(
                    Handle, split, pinned.Text(question, nameof(question)), pinned.Text(passage, nameof(passage)), answer == null ? null : &place, out error);
                ErrorHandle.Check(status, error);
            }
        }

        /// <summary>Adds the examples of a file: all of them, or none if one is wrong; the message then names its
        /// line. The format is recognised by the structure of the file.</summary>
        /// <remarks>Entities: words with their tags, or JSON lines
        /// <c>{"text", "entities": [{"start", "end", "label"}]}</c>; relations: tab-separated masked sentences
        /// and labels, or <c>{"text", "first": {"start", "end"}, "second": {"start", "end"}, "label"}</c>;
        /// classes: tab-separated texts and labels, or <c>{"text", "label"}</c>; answers: SQuAD's JSON, or
        /// <c>{"question", "passage", "answer": {"start", "end"} or null}</c>. Also the JSON of doccano, Prodigy
        /// and Label Studio, spaCy's triples, and lists of tokens and tags.</remarks>
        /// <param name="split">What they are for.</param>
        /// <param name="path">The file.</param>
        /// <exception cref="BiobertException">The file is not there or cannot be read, an example is wrong, or the trainer is in use.</exception>
        /// <exception cref="ArgumentException">The path is null or not valid Unicode.</exception>
        /// <exception cref="ObjectDisposedException">The trainer is disposed.</exception>
        public void AddFile(Split split, string path)
        {
            if (path == null) throw new ArgumentNullException(nameof(path));
            using (var pinned = new Pinned())
            {
                ErrorHandle error;
                ErrorHandle.Check(biobert_trainer_add_file(Handle, split, pinned.Name(path, nameof(path)), out error), error);
            }
        }

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_trainer_add_ner16(
            TrainerHandle trainer, Split split, Str16 text, IntPtr marks, UIntPtr markCount, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_trainer_add_assertion16(
            TrainerHandle trainer, Split split, Str16 text, IntPtr marks, IntPtr assertions, UIntPtr markCount, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_trainer_add_re16(
            TrainerHandle trainer, Split split, Str16 text, TextRange.Native first, TextRange.Native second, Str label, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_trainer_add_class16(
            TrainerHandle trainer, Split split, Str16 text, Str16* second, Str label, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_trainer_add_qa16(
            TrainerHandle trainer, Split split, Str16 question, Str16 passage, TextRange.Native* answer, out ErrorHandle error);

        [DllImport(Library.Name, CallingConvention = CallingConvention.Cdecl)]
        private static extern Status biobert_trainer_add_file(TrainerHandle trainer, Split split, Str path, out ErrorHandle error);
    }
}
