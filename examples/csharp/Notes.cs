// What a clinical note says, and an answered question, from C#.
//
//   Notes MODEL_DIRECTORY [NOTE_FILE]
//
// Without a file it reads a note of its own. Offsets are indices into the string.
using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Biobert;

internal static class Notes
{
    private const string Note =
        "Pt with type 2 diabetes mellitus was started on metformin 500 mg BID. " +
        "Denies chest pain. Developed hives after amoxicillin; settled with loratadine. " +
        "Sister had breast cancer.";

    private const string Asked = "What was started?";

    private static int Main(string[] args)
    {
        if (args.Length < 1)
        {
            Console.Error.WriteLine("usage: Notes MODEL_DIRECTORY [NOTE_FILE]");
            return 2;
        }
        try
        {
            // A file with a bad byte is refused here: nothing is silently replaced.
            var note = args.Length > 1 ? File.ReadAllText(args[1], new UTF8Encoding(false, true)) : Note;
            // UTF-8 whatever the locale, and the same line ends everywhere.
            using (var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { NewLine = "\n" })
            // An engine and a model are opened once and shared by all threads of a program.
            using (var engine = new Engine())
            using (var model = engine.Open(args[0]))
            {
                var found = model.Extract(note);
                PrintEntities(found, note, output);
                PrintRelations(found, note, output);
                PrintAnswer(model, note, output);
            }
            return 0;
        }
        catch (BiobertException error)
        {
            Console.Error.WriteLine(error.StatusName + ": " + error.Message);
            return 1;
        }
        catch (Exception error) when (error is IOException || error is DecoderFallbackException || error is DllNotFoundException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    /// <summary>Whether the patient has them, what they are, attributes such as a dose, and the words that say
    /// so.</summary>
    private static void PrintEntities(DocumentResult found, string note, TextWriter output)
    {
        foreach (var entity in found.Entities)
        {
            output.Write(Format("{0,-13}{1,-10} {2}", Said(entity.Assertion?.Value), entity.Label, Cut(note, entity.Start, entity.End)));
            foreach (var attribute in entity.Attributes) output.Write(" | " + Cut(note, attribute.Start, attribute.End));
            var cue = entity.Assertion?.Cue;
            if (cue != null) output.Write("  [" + Cut(note, cue.Start, cue.End) + "]");
            output.WriteLine();
        }
    }

    private static string Said(AssertionValue? value)
    {
        if (value == null) return "not assessed";
        return value == AssertionValue.OtherPerson ? "other person" : value.ToString().ToLowerInvariant();
    }

    /// <summary>Relations between those entities.</summary>
    private static void PrintRelations(DocumentResult found, string note, TextWriter output)
    {
        output.WriteLine();
        foreach (var relation in found.Relations)
        {
            var first = Cut(note, relation.First.Start, relation.First.End);
            var second = Cut(note, relation.Second.Start, relation.Second.End);
            output.WriteLine(Format("{0,-13}{1} -> {2} -> {3}  {4:F2}", Said(relation.Assertion), first, relation.Text, second, relation.Score));
        }
    }

    /// <summary>The best answer to a question, from one passage: the note.</summary>
    private static void PrintAnswer(Model model, string note, TextWriter output)
    {
        var best = model.Qa(new Question(Asked, note)).Answers.FirstOrDefault();
        output.WriteLine();
        output.WriteLine(Asked);
        if (best != null) output.WriteLine(Format("{0}  (score {1:F1})", Cut(note, best.Start, best.End), best.Score));
    }

    private static string Cut(string note, int start, int end)
    {
        return note.Substring(start, end - start);
    }

    private static string Format(string format, params object[] values)
    {
        return string.Format(CultureInfo.InvariantCulture, format, values);
    }
}
