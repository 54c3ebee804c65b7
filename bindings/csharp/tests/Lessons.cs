using System;
using System.Linq;
using Biobert;

/// <summary>Trainers with examples from which a head is learnt in a second or two.</summary>
internal static class Lessons
{
    private static readonly string[] Parts = { "left knee", "liver", "spine", "right arm", "femoral artery" };

    internal static Trainer Entities(Model model, TrainerOptions options = null)
    {
        var trainer = new Trainer(model, HeadTask.Ner, options ?? Fast());
        foreach (var part in Parts)
        {
            foreach (var before in new[] { "😀 Pain in the ", "Swelling of her ", "No lesion of the ", "We examined the " })
            {
                trainer.AddNer(Split.Train, before + part + " today.", new[] { new Mark(before.Length, before.Length + part.Length, "Site") });
            }
        }
        foreach (var drug in new[] { "aspirin", "insulin", "lithium", "ibuprofen" }) trainer.AddNer(Split.Train, "On " + drug + ".", new Mark[0]);
        return trainer;
    }

    internal static Trainer Relations(Model model, TrainerOptions options = null)
    {
        options = options ?? Fast();
        options.FirstKind = "Drug";
        options.SecondKind = "Problem";
        var trainer = new Trainer(model, HeadTask.Re, options);
        foreach (var drug in new[] { "Aspirin", "Zolen", "Insulin", "Lithium" })
        {
            foreach (var problem in new[] { "nausea", "cough", "pain", "fever" })
            {
                AddRe(trainer, drug, " led to severe ", problem, "harms");
                AddRe(trainer, drug, " was given for ", problem, "helps");
            }
        }
        return trainer;
    }

    private static void AddRe(Trainer trainer, string drug, string between, string problem, string label)
    {
        var text = drug + between + problem + " 😀.";
        trainer.AddRe(Split.Train, text, new TextRange(0, drug.Length), Place(text, problem), label);
    }

    internal static Trainer Classes(Model model, TrainerOptions options = null)
    {
        var trainer = new Trainer(model, HeadTask.Classify, options ?? Fast());
        foreach (var end in new[] { ".", " then.", ", she said.", ", as agreed." })
        {
            foreach (var visit in new[] { "Please come back in two weeks", "The next appointment is on Friday", "We see him again in spring" })
            {
                trainer.AddClass(Split.Train, visit + end, "visit");
            }
            foreach (var drug in new[] { "Take one tablet in the morning", "The dose was doubled to 20 mg", "Stop the capsules at once" })
            {
                trainer.AddClass(Split.Train, drug + end, "drug");
            }
        }
        return trainer;
    }

    internal static Trainer Answers(Model model, TrainerOptions options = null)
    {
        var trainer = new Trainer(model, HeadTask.Qa, options ?? Fast());
        foreach (var drug in new[] { "insulin", "warfarin", "lithium" })
        {
            foreach (var dose in new[] { "5 mg", "20 mg", "two tablets", "100 units" })
            {
                var passage = "😀 She was seen in May. The dose of " + drug + " is " + dose + " now, he said.";
                trainer.AddQa(Split.Train, "How much " + drug + "?", passage, Place(passage, dose));
                trainer.AddQa(Split.Train, "When was she seen?", passage, Place(passage, "in May"));
                trainer.AddQa(Split.Train, "What is her address?", passage, null);
            }
        }
        return trainer;
    }

    internal static TrainerOptions Fast()
    {
        return new TrainerOptions { Preset = Preset.Fast };
    }

    internal static TextRange Place(string text, string part)
    {
        var start = text.IndexOf(part, StringComparison.Ordinal);
        return new TextRange(start, start + part.Length);
    }

    internal static string Cut(string text, Span entity)
    {
        return text.Substring(entity.Start, entity.End - entity.Start);
    }

    internal static RunOptions Heads(params string[] heads)
    {
        return new RunOptions { Heads = heads.ToList() };
    }
}
