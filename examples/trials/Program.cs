// Holds notes of patients against the eligibility criteria of trials.
//
//   Trials MODEL CRITERIA NOTES [--terms FILE]... [--page FILE] [--expected FILE]
//
// CRITERIA and NOTES are files or directories of .txt files: a trial in each, a patient in each. The table goes to
// standard output, tab-separated; how many of the expected verdicts are right, to standard error. One note at a time is
// in memory.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Biobert;

namespace Trials
{
    internal static class Program
    {
        /// <summary>Files above this size are refused: a note that long is something else.</summary>
        private const int Longest = 1 << 20;

        private static readonly UTF8Encoding Utf8 = new UTF8Encoding(false, true);

        private static int Main(string[] args)
        {
            try
            {
                var options = Options.Read(args);
                if (options == null)
                {
                    Console.Error.WriteLine("usage: Trials MODEL CRITERIA NOTES [--terms FILE]... [--page FILE] [--expected FILE]");
                    return 2;
                }
                return Run(options);
            }
            catch (BiobertException error)
            {
                Console.Error.WriteLine(error.StatusName + ": " + error.Message);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException || error is FormatException || error is DllNotFoundException)
            {
                Console.Error.WriteLine(error.Message);
            }
            return 1;
        }

        private static int Run(Options options)
        {
            var failed = false;
            var terms = new List<Terms>();
            using (var output = new StreamWriter(Console.OpenStandardOutput(), Utf8) { NewLine = "\n" })
            using (var engine = new Engine())
            using (var model = engine.Open(options.Model))
            {
                terms.AddRange(options.Terms.Select(Terms.Open));
                var reader = new Reader(engine, model, terms);
                var trials = Files(options.Criteria).Select(path => new Trial(Path.GetFileNameWithoutExtension(path), Text(path), reader)).ToList();
                var notes = Files(options.Notes);
                var score = options.Expected == null ? null : new Score(options.Expected, Text(options.Expected));
                using (var page = options.Page == null ? null : new Page(options.Page, trials.Select(trial => trial.Name).ToList()))
                {
                    failed = Hold(reader, trials, notes, output, page, score);
                    page?.Finish();
                }
                score?.Write(Console.Error);
            }
            terms.ForEach(index => index.Dispose());
            return failed ? 1 : 0;
        }

        /// <summary>Whether a note could not be read.</summary>
        private static bool Hold(Reader reader, List<Trial> trials, IReadOnlyList<string> notes, TextWriter output, Page page, Score score)
        {
            var failed = false;
            Table.Head(output);
            foreach (var path in notes)
            {
                var patient = Path.GetFileNameWithoutExtension(path);
                Reading note;
                try
                {
                    note = reader.Note(Text(path));
                }
                // The others follow.
                catch (Exception error) when (error is BiobertException || error is IOException || error is UnauthorizedAccessException)
                {
                    Console.Error.WriteLine(error is BiobertException ? path + ": " + error.Message : error.Message);
                    failed = true;
                    continue;
                }
                var held = trials.Select(trial => trial.Hold(note)).ToList();
                page?.Write(patient, held, note);
                for (var i = 0; i < trials.Count; i++)
                {
                    Table.Write(output, patient, trials[i].Name, held[i], note);
                    if (score != null) foreach (var row in held[i]) score.Add(patient, row);
                }
            }
            return failed;
        }

        private static IReadOnlyList<string> Files(string path)
        {
            if (!Directory.Exists(path)) return new[] { path };
            var files = Directory.GetFiles(path, "*.txt").OrderBy(file => file, StringComparer.Ordinal).ToList();
            if (files.Count == 0) throw new IOException(path + ": the directory has no file whose name ends in .txt");
            return files;
        }

        private static string Text(string path)
        {
            if (!File.Exists(path)) throw new IOException(path + ": is not there");
            if (new FileInfo(path).Length > Longest) throw new IOException(path + ": longer than 1 MB");
            try
            {
                return File.ReadAllText(path, Utf8);
            }
            catch (DecoderFallbackException)
            {
                throw new IOException(path + ": not UTF-8");
            }
        }
    }

    /// <summary>Reads texts with one model.</summary>
    internal sealed class Reader
    {
        private readonly Engine engine;
        private readonly Model model;
        private readonly ExtractOptions options;

        internal Reader(Engine engine, Model model, IReadOnlyList<Terms> terms)
        {
            this.engine = engine;
            this.model = model;
            options = new ExtractOptions { Terms = terms };
        }

        internal Reading Note(string text)
        {
            return Reading.OfNote(text, model.Extract(text, options), engine.Sentences(text));
        }

        internal Reading Criterion(string text)
        {
            return Reading.OfCriterion(text, model.Extract(text, options), engine.Sentences(text));
        }
    }
}
