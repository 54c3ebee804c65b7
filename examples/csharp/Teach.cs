// Teaches a model a kind of entity from ten sentences, then reads a note with it, from C#.
//
//   Teach MODEL_DIRECTORY
//
// Offsets are indices into the strings.
using System;
using System.IO;
using System.Text;
using Biobert;

internal static class Teach
{
    private const string Note = "Swelling of his left ankle for two weeks. Started ibuprofen. No lesion of the liver.";

    /// <summary>Sentences, and what in each of them is a part of the body; null where there is none.</summary>
    private static readonly string[,] Annotated =
    {
        { "Pain in the left knee since Monday.", "left knee" },
        { "Swelling of her right ankle after a fall.", "right ankle" },
        { "The liver was enlarged.", "liver" },
        { "No lesion of the spine was seen.", "spine" },
        { "She was given aspirin.", null },
        { "Biopsy of the left kidney was done.", "left kidney" },
        { "Weakness of his right arm.", "right arm" },
        { "We examined the femoral artery.", "femoral artery" },
        { "On metformin and lisinopril.", null },
        { "Redness of the left eye and discharge.", "left eye" },
    };

    private static int Main(string[] args)
    {
        if (args.Length != 1)
        {
            Console.Error.WriteLine("usage: Teach MODEL_DIRECTORY");
            return 2;
        }
        try
        {
            // UTF-8 whatever the locale, and the same line ends everywhere.
            using (var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { NewLine = "\n" })
            using (var engine = new Engine())
            using (var model = engine.Open(args[0]))
            using (var head = Train(model))
            // A model of its own: the first one stays as it is.
            using (var taught = model.WithHead(head, "site"))
            {
                var options = new RunOptions { Heads = new[] { "site", "chemical" } };
                foreach (var entity in taught.Ner(Note, options).Spans)
                {
                    output.WriteLine(entity.Label + "\t" + Note.Substring(entity.Start, entity.End - entity.Start));
                }
            }
            return 0;
        }
        catch (BiobertException error)
        {
            Console.Error.WriteLine(error.StatusName + ": " + error.Message);
            return 1;
        }
        catch (DllNotFoundException error)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    /// <summary>Every sentence is given with all its entities: what is not marked is none. The head may be
    /// saved into a directory and opened again.</summary>
    private static Head Train(Model model)
    {
        using (var trainer = new Trainer(model, HeadTask.Ner, new TrainerOptions { Preset = Preset.Fast }))
        {
            for (var i = 0; i < Annotated.GetLength(0); i++)
            {
                var sentence = Annotated[i, 0];
                trainer.AddNer(Split.Train, sentence, Marks(sentence, Annotated[i, 1]));
            }
            trainer.Fit();
            return trainer.Head();
        }
    }

    private static Mark[] Marks(string sentence, string part)
    {
        if (part == null) return new Mark[0];
        var start = sentence.IndexOf(part, StringComparison.Ordinal);
        return new[] { new Mark(start, start + part.Length, "Site") };
    }
}
