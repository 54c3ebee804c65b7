using System;
using System.Collections.Generic;
using System.IO;
using System.Json;
using System.Linq;
using Biobert;
using NUnit.Framework;

/// <summary>What is learnt, task by task, and that it is used.</summary>
[TestFixture]
public class TrainTests : WithModel
{
    private string directory;

    [TestFixtureSetUp]
    public void MakeDirectory()
    {
        directory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Directory.CreateDirectory(directory);
    }

    [TestFixtureTearDown]
    public void DeleteDirectory()
    {
        Directory.Delete(directory, true);
    }

    [Test]
    public void Entities_are_learnt_and_found_beside_those_of_the_model()
    {
        const string Note = "😀 Naïve: swelling of his right arm today. On metformin.";
        using (var trainer = Lessons.Entities(model))
        {
            trainer.AddNer(Split.Test, Note, new[] { new Mark(Note.IndexOf("right", StringComparison.Ordinal), Note.IndexOf(" today", StringComparison.Ordinal), "Site") });
            trainer.Fit();
            var report = JsonValue.Parse(trainer.ReportJson());
            Assert.AreEqual("lstm-crf", (string)report["head_kind"]);
            Assert.AreEqual(24, (int)report["texts"] + (int)report["held_out"]);
            Assert.IsFalse(report["stopped"]);
            Assert.AreEqual(100.0, (double)JsonValue.Parse(trainer.Eval())["score"]["f1"]);
            using (var head = trainer.Head())
            using (var taught = model.WithHead(head, "site"))
            {
                var found = taught.Ner(Note, Lessons.Heads("site", "chemical")).Spans;
                CollectionAssert.AreEqual(new[] { "Site right arm", "Chemical metformin" }, found.Select(e => e.Label + " " + Lessons.Cut(Note, e)));
                Assert.AreEqual("site", found[0].Head);
                Assert.AreEqual(model.Heads().Count + 1, taught.Heads().Count);
                CollectionAssert.DoesNotContain(model.Heads(), "site");
            }
        }
    }

    [Test]
    public void Relations_are_learnt()
    {
        const string Note = "Rivotrin led to severe dizziness. Metformin was given for diabetes.";
        using (var trainer = Lessons.Relations(model, new TrainerOptions { Preset = Preset.Fast, Balanced = true }))
        {
            trainer.Fit();
            using (var head = trainer.Head())
            using (var taught = model.WithHead(head, "harm"))
            {
                var given = new[] { "Rivotrin", "dizziness", "Metformin", "diabetes" }.Select((word, i) =>
                {
                    var place = Lessons.Place(Note, word);
                    return new GivenEntity(0, place.Start, place.End, i % 2 == 0 ? "drug" : "problem");
                });
                var options = new ReOptions { Heads = new[] { "harm" }, Entities = given.ToList(), Unrelated = true };
                CollectionAssert.AreEqual(new[] { "harms", "helps" }, taught.Re(Note, options).Relations.Select(r => r.Label));
            }
        }
    }

    [Test]
    public void Classes_are_learnt()
    {
        using (var trainer = Lessons.Classes(model))
        {
            trainer.Fit();
            using (var head = trainer.Head())
            using (var taught = model.WithHead(head, "kind"))
            {
                CollectionAssert.AreEqual(new[] { "drug", "visit" }, taught.Labels("kind").OrderBy(l => l, StringComparer.Ordinal));
                var found = taught.Classify(new[] { "Take one tablet at night.", "The next appointment is on Monday." }, Lessons.Heads("kind"));
                CollectionAssert.AreEqual(new[] { "drug", "visit" }, found.Select(d => d.Classes.Single(c => c.Holds).Label));
            }
        }
    }

    [Test]
    public void Classes_of_pairs_are_learnt()
    {
        using (var trainer = new Trainer(model, HeadTask.Classify, Lessons.Fast()))
        {
            foreach (var number in new[] { "one", "two", "three", "four", "five", "six" })
            {
                // Only the second text tells the two apart.
                trainer.AddClass(Split.Train, "Criterion " + number, "met", "He has diabetes.");
                trainer.AddClass(Split.Train, "Criterion " + number, "unmet", "The lungs are clear.");
            }
            trainer.Fit();
            using (var head = trainer.Head())
            using (var taught = model.WithHead(head, "criteria"))
            {
                var found = taught.ClassifyPairs(new[] { "Criterion two", "Criterion two" }, new[] { "He has diabetes.", "The lungs are clear." }, Lessons.Heads("criteria"));
                CollectionAssert.AreEqual(new[] { "met", "unmet" }, found.Select(d => d.Classes.Single(c => c.Holds).Label));
            }
        }
    }

    [Test]
    public void Answers_are_learnt()
    {
        const string Passage = "😀 She was seen in May. The dose of lithium is 30 mg now, he said.";
        using (var trainer = Lessons.Answers(model))
        {
            trainer.Fit();
            using (var head = trainer.Head())
            using (var taught = model.WithHead(head, "doses"))
            {
                var options = new QaOptions { Heads = new[] { "doses" } };
                var best = taught.Qa(new Question("How much lithium?", Passage), options).Answers[0];
                Assert.AreEqual("30 mg", Passage.Substring(best.Start, best.End - best.Start));
                Assert.Greater(taught.Qa(new Question("What is her address?", Passage), options).NoAnswer, 0f);
            }
        }
    }

    [Test]
    public void A_head_comes_back_from_its_files_and_the_same_training_gives_the_same_files()
    {
        var options = new TrainerOptions { Preset = Preset.Fast, HeadKind = HeadKind.Linear, Licence = "CC0-1.0", Date = "2026-11-21" };
        var first = Save(options, "first");
        Assert.IsTrue(first.SequenceEqual(Save(options, "first")), "over the files that were there");
        options.Seed = -1;
        Assert.IsFalse(first.SequenceEqual(Save(options, "other")));
        using (var head = Head.Open(Path.Combine(directory, "first")))
        using (var taught = model.WithHead(head))
        {
            var info = JsonValue.Parse(head.InfoJson());
            Assert.AreEqual("CC0-1.0", (string)info["licence"]);
            Assert.AreEqual("2026-11-21", (string)info["date"]);
            CollectionAssert.Contains(taught.Heads(), "first");
            Assert.AreEqual(2, taught.Classify("Take one tablet.", Lessons.Heads("first")).Classes.Count);
        }
    }

    [Test]
    public void Options_reach_the_library()
    {
        var plain = new TrainerOptions { Preset = Preset.Fast, HeadKind = HeadKind.Linear };
        var refit = new TrainerOptions { Preset = Preset.Fast, HeadKind = HeadKind.Linear, Refit = true };
        Assert.IsFalse(Save(plain, "plain").SequenceEqual(Save(refit, "refit")));

        var work = Path.Combine(directory, "work");
        var options = new TrainerOptions
        {
            Preset = Preset.Fast, HeadKind = HeadKind.Linear, WorkPath = work, Negative = "helps", FirstMask = "@A$", SecondMask = "@B$",
        };
        using (var trainer = Lessons.Relations(model, options))
        {
            var worked = false;
            trainer.Fit(progress => worked |= Directory.Exists(work));
            Assert.IsTrue(worked);
            using (var head = trainer.Head())
            {
                var info = JsonValue.Parse(head.InfoJson());
                Assert.AreEqual("Drug Problem", (string)info["first"] + " " + (string)info["second"]);
                Assert.AreEqual("[\"@A$\", \"@B$\"]", info["mask"].ToString());
                Assert.AreEqual("helps", (string)info["negative"]);
            }
        }

        var words = Path.Combine(directory, "words.tsv");
        File.WriteAllText(words, string.Concat(Enumerable.Repeat("Her\tO\nleft\tB\nknee\tI\n\n", 10)));
        using (var trainer = new Trainer(model, HeadTask.Ner, new TrainerOptions { Preset = Preset.Fast, HeadKind = HeadKind.Linear, Entity = "Site" }))
        {
            trainer.AddFile(Split.Train, words);
            trainer.Fit(progress => progress.Epoch < 1);
            StringAssert.Contains("Site", trainer.ReportJson());
        }
    }

    [Test]
    public void Rare_labels_count_for_more_if_they_shall()
    {
        var files = new[] { false, true }.Select(balanced =>
        {
            using (var trainer = Lessons.Classes(model, new TrainerOptions { Preset = Preset.Fast, HeadKind = HeadKind.Linear, Balanced = balanced }))
            {
                for (var i = 0; i < 10; i++) trainer.AddClass(Split.Train, "Come again in " + i + " days.", "visit");
                trainer.Fit();
                using (var head = trainer.Head()) head.Save(Path.Combine(directory, "balanced"));
            }
            return File.ReadAllBytes(Path.Combine(directory, "balanced", "head.safetensors"));
        }).ToList();
        Assert.IsFalse(files[0].SequenceEqual(files[1]));
    }

    private IEnumerable<byte> Save(TrainerOptions options, string name)
    {
        var path = Path.Combine(directory, name);
        using (var trainer = Lessons.Classes(model, options))
        {
            trainer.Fit();
            using (var head = trainer.Head()) head.Save(path);
        }
        return File.ReadAllBytes(Path.Combine(path, "head.json")).Concat(File.ReadAllBytes(Path.Combine(path, "head.safetensors"))).ToArray();
    }

    [Test]
    public void Examples_come_from_files()
    {
        var lines = Path.Combine(directory, "pairs.jsonl");
        File.WriteAllText(lines, string.Concat(Enumerable.Range(0, 10).Select(i =>
            "{\"text\": \"😀 Dose " + i + "\", \"label\": \"drug\"}\n{\"text\": \"Visit " + i + "\", \"label\": \"visit\"}\n")));
        using (var trainer = new Trainer(model, HeadTask.Classify, Lessons.Fast()))
        {
            trainer.AddFile(Split.Train, lines);
            trainer.AddFile(Split.Dev, lines);
            trainer.AddFile(Split.Test, lines);
            File.WriteAllText(lines, "{\"text\": \"canary77\", \"label\": \"drug\"}\n{\"text\": \"canary77\"}\n");
            var error = Assert.Throws<BiobertException>(() => trainer.AddFile(Split.Train, lines));
            StringAssert.Contains("line 2", error.Message);
            StringAssert.DoesNotContain("canary77", error.Message);
            Assert.AreEqual(Status.NotFound, Assert.Throws<BiobertException>(() => trainer.AddFile(Split.Train, Path.Combine(directory, "nowhere"))).Status);
            trainer.Fit();
            var report = JsonValue.Parse(trainer.ReportJson());
            Assert.AreEqual(20, (int)report["texts"], "of the wrong file nothing was added");
            Assert.AreEqual(20, (int)report["held_out"]);
            StringAssert.Contains("\"confusion\"", trainer.Eval());
        }
    }

    [Test]
    public void Offsets_count_the_unit_that_was_chosen()
    {
        const string Text = "😀 Pain in the knee.";
        using (var utf16 = new Trainer(model, HeadTask.Ner))
        using (var bytes = new Trainer(model, HeadTask.Ner, new TrainerOptions { Unit = OffsetUnit.Utf8Bytes }))
        {
            var inside = new[] { new Mark(1, 3, "x") };
            var outside = new[] { new Mark(5, 9, "x"), new Mark(17, 21, "x") };
            Assert.AreEqual(Status.Argument, Assert.Throws<BiobertException>(() => utf16.AddNer(Split.Train, Text, inside)).Status, "splits a character");
            Assert.AreEqual(Status.Argument, Assert.Throws<BiobertException>(() => utf16.AddNer(Split.Train, Text, outside)).Status, "ends after the text");
            bytes.AddNer(Split.Train, Text, outside);
        }
    }

    [Test]
    public void Assertions_are_learnt()
    {
        using (var trainer = new Trainer(model, HeadTask.Assertion, new TrainerOptions { Preset = Preset.Fast }))
        {
            for (var day = 0; day < 20; day++)
            {
                trainer.AddAssertion(Split.Train, "No fever on day " + day + ".", new[] { new Mark(3, 8, "Problem", AssertionValue.Absent) });
                trainer.AddAssertion(Split.Train, "Fever on day " + day + ".", new[] { new Mark(0, 5, "Problem", AssertionValue.Present) });
            }
            var bare = new[] { new Mark(0, 5, "Problem") };
            Assert.AreEqual(Status.Argument, Assert.Throws<BiobertException>(() => trainer.AddAssertion(Split.Train, "Fever.", bare)).Status);
            trainer.Fit();
            Assert.AreEqual("assertion", (string)JsonValue.Parse(trainer.ReportJson())["task"]);
        }
    }

    [Test]
    public void Files_of_a_head_that_are_damaged_or_not_there_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Head.Open(null));
        Assert.Throws<ArgumentException>(() => Head.Open("\ud83d"));
        var error = Assert.Throws<BiobertException>(() => Head.Open("/secret-directory/nowhere"));
        Assert.AreEqual(Status.NotFound, error.Status);
        StringAssert.DoesNotContain("secret-directory", error.Message);
        Save(new TrainerOptions { Preset = Preset.Fast, HeadKind = HeadKind.Linear }, "damaged");
        File.AppendAllText(Path.Combine(directory, "damaged", "head.safetensors"), "x");
        Assert.AreEqual(Status.Corrupt, Assert.Throws<BiobertException>(() => Head.Open(Path.Combine(directory, "damaged"))).Status);
    }

    [Test]
    public void A_head_fits_its_own_encoder_and_a_name_of_its_own()
    {
        using (var tiny = engine.Open(Repository.Tiny))
        using (var trainer = Lessons.Classes(model, new TrainerOptions { Preset = Preset.Fast, HeadKind = HeadKind.Linear }))
        {
            trainer.Fit();
            using (var head = trainer.Head())
            {
                Assert.AreEqual(Status.Model, Assert.Throws<BiobertException>(() => tiny.WithHead(head)).Status);
                foreach (var name in new[] { "disease", "../x" })
                {
                    Assert.AreEqual(Status.Argument, Assert.Throws<BiobertException>(() => model.WithHead(head, name)).Status);
                }
                Assert.Throws<ArgumentException>(() => model.WithHead(head, "\ud83d"));
                Assert.Throws<ArgumentNullException>(() => model.WithHead(null));
                Assert.Throws<ArgumentNullException>(() => head.Save(null));
                Assert.Throws<BiobertException>(() => head.Save("/proc/nowhere/head"));
            }
        }
    }
}
