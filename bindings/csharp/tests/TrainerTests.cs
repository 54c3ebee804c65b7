using System;
using System.Collections.Generic;
using System.Json;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Biobert;
using NUnit.Framework;

/// <summary>How a training is watched, stopped and disposed, and what it refuses.</summary>
[TestFixture]
public class TrainerTests : WithModel
{
    [Test]
    public void A_function_is_told_where_the_training_stands()
    {
        var told = new List<Progress>();
        using (var trainer = Lessons.Classes(model))
        {
            var caller = Thread.CurrentThread;
            trainer.Fit(progress =>
            {
                Assert.AreSame(caller, Thread.CurrentThread);
                // The function that the library calls must not be collected.
                GC.Collect();
                told.Add(progress);
                return true;
            });
            var epochs = JsonValue.Parse(trainer.ReportJson())["history"].Count;
            CollectionAssert.AreEqual(Enumerable.Range(1, epochs), told.Where(p => p.Phase == Phase.Epoch).Select(p => p.Epoch));
        }
        var reading = told.First();
        Assert.AreEqual(Phase.Reading, reading.Phase);
        Assert.AreEqual(24, reading.Of);
        Assert.IsNull(reading.Loss ?? reading.F1 ?? reading.SecondsLeft);
        var learning = told.First(p => p.Phase == Phase.Learning);
        Assert.AreEqual(1, learning.Done);
        Assert.Greater(learning.Loss, 0);
        Assert.GreaterOrEqual(learning.SecondsLeft, 0);
        Assert.IsNotNull(told.First(p => p.Phase == Phase.Epoch).F1);
        Assert.AreEqual("Learning epoch 0, 1 of " + learning.Of, learning.ToString());
    }

    [Test]
    public void A_function_that_says_no_stops_the_training_and_the_best_head_stays()
    {
        using (var trainer = Lessons.Classes(model))
        {
            Assert.Throws<OperationCanceledException>(() => trainer.Fit(progress => progress.Phase == Phase.Reading));
            AssertNoHead(trainer);
            trainer.Fit(progress => progress.Epoch < 2);
            AssertStoppedAfter(2, trainer);
            // More may be added, and a head be trained again.
            trainer.AddClass(Split.Train, "Come again.", "visit");
            trainer.Fit(progress => progress.Epoch < 1);
            AssertStoppedAfter(1, trainer);
            Assert.AreEqual(25, (int)JsonValue.Parse(trainer.ReportJson())["texts"] + (int)JsonValue.Parse(trainer.ReportJson())["held_out"]);
        }
    }

    [Test]
    public void What_a_function_throws_stops_the_training_and_comes_out_of_Fit_with_its_stack()
    {
        using (var trainer = Lessons.Classes(model))
        {
            var calls = 0;
            var thrown = new InvalidOperationException("of the test");
            foreach (var phase in new[] { Phase.Reading, Phase.Learning, Phase.Epoch })
            {
                var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(progress =>
                {
                    calls++;
                    if (progress.Phase == phase) ThrowFromHere(thrown);
                    return true;
                }));
                Assert.AreSame(thrown, error);
                StringAssert.Contains("ThrowFromHere", error.StackTrace);
                if (phase == Phase.Reading) Assert.AreEqual(1, calls, "it is not called again");
                if (phase != Phase.Epoch) AssertNoHead(trainer);
            }
            // As when it says no.
            AssertStoppedAfter(1, trainer);
            trainer.Fit();
            Assert.IsFalse(JsonValue.Parse(trainer.ReportJson())["stopped"]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowFromHere(Exception error)
    {
        throw error;
    }

    [Test]
    public void A_function_that_throws_at_the_last_epoch_is_not_called_by_a_refit()
    {
        using (var trainer = Lessons.Classes(model))
        using (var refit = Lessons.Classes(model, new TrainerOptions { Preset = Preset.Fast, Refit = true }))
        {
            trainer.Fit();
            var last = JsonValue.Parse(trainer.ReportJson())["history"].Count;
            var hasThrown = false;
            var calls = 0;
            Assert.Throws<InvalidOperationException>(() => refit.Fit(progress =>
            {
                if (hasThrown) calls++;
                if (progress.Phase != Phase.Epoch || progress.Epoch < last) return true;
                hasThrown = true;
                throw new InvalidOperationException();
            }));
            Assert.AreEqual(0, calls);
        }
    }

    [Test]
    public void A_function_whose_thread_is_aborted_stops_the_training()
    {
        Exception error = null;
        var thread = new Thread(() =>
        {
            using (var trainer = Lessons.Classes(model))
            {
                try
                {
                    trainer.Fit(progress =>
                    {
                        Thread.CurrentThread.Abort();
                        return true;
                    });
                }
                catch (Exception thrown)
                {
                    error = thrown;
                }
                AssertNoHead(trainer);
            }
        });
        thread.Start();
        thread.Join();
        // .NET has no aborts any more and says so.
        Assert.IsTrue(error is ThreadAbortException || error is PlatformNotSupportedException, "{0}", error);
    }

    [Test]
    public void A_token_stops_the_training_and_the_best_head_stays()
    {
        using (var trainer = Lessons.Classes(model))
        {
            using (var source = new CancellationTokenSource())
            {
                trainer.Fit(progress =>
                {
                    if (progress.Phase == Phase.Epoch) source.Cancel();
                    return true;
                }, source.Token);
                AssertStoppedAfter(1, trainer);
                var before = Assert.Throws<OperationCanceledException>(() => trainer.Fit(null, source.Token));
                Assert.AreEqual(source.Token, before.CancellationToken);
                Assert.Throws<OperationCanceledException>(() => trainer.Eval(source.Token));
            }
            using (var source = new CancellationTokenSource())
            {
                var error = Assert.Throws<OperationCanceledException>(() => trainer.Fit(progress =>
                {
                    source.Cancel();
                    return true;
                }, source.Token));
                Assert.AreEqual(source.Token, error.CancellationToken);
                // The head before it is still there.
                AssertStoppedAfter(1, trainer);
            }
            using (var source = new CancellationTokenSource())
            {
                trainer.Fit(null, source.Token);
                Assert.IsFalse(JsonValue.Parse(trainer.ReportJson())["stopped"]);
            }
        }
    }

    [Test]
    public void A_trainer_that_trains_is_busy()
    {
        using (var trainer = Lessons.Classes(model))
        {
            var calls = new Action[]
            {
                () => trainer.AddClass(Split.Train, "a", "b"), () => trainer.AddFile(Split.Train, "a"), () => trainer.Fit(),
                () => trainer.ReportJson(), () => trainer.Eval(), () => trainer.Head(),
            };
            var busy = 0;
            trainer.Fit(progress =>
            {
                if (progress.Phase != Phase.Epoch) return true;
                foreach (var call in calls)
                {
                    foreach (var error in new[] { Error(call), Task.Run(() => Error(call)).Result })
                    {
                        Assert.AreEqual(Status.Busy, error.Status);
                        busy++;
                    }
                }
                return false;
            });
            Assert.AreEqual(2 * calls.Length, busy);
            trainer.Head().Dispose();
        }
    }

    private static BiobertException Error(Action call)
    {
        return Assert.Throws<BiobertException>(() => call());
    }

    [Test]
    public void A_trainer_may_be_disposed_while_it_trains()
    {
        var trainer = Lessons.Classes(model);
        var epochs = 0;
        trainer.Fit(progress =>
        {
            trainer.Dispose();
            epochs = progress.Epoch;
            return epochs < 2;
        });
        Assert.AreEqual(2, epochs);
        Assert.Throws<ObjectDisposedException>(() => trainer.Head());
    }

    [Test]
    public void Objects_are_disposed_in_any_order()
    {
        using (var own = new Engine())
        {
            var first = own.Open(Repository.Default);
            var trainer = Lessons.Classes(first);
            first.Dispose();
            Assert.AreEqual(1, Repository.Models(own), "the trainer keeps it");
            trainer.Fit(progress => progress.Epoch < 1);
            var head = trainer.Head();
            trainer.Dispose();
            Assert.AreEqual(0, Repository.Models(own));
            StringAssert.Contains("classify", head.InfoJson());

            var again = own.Open(Repository.Default);
            var taught = again.WithHead(head, "kind");
            head.Dispose();
            again.Dispose();
            own.Dispose();
            Assert.AreEqual(2, taught.Classify("Take one tablet.", Lessons.Heads("kind")).Classes.Count);
            taught.Dispose();

            head.Dispose();
            trainer.Dispose();
            var calls = new Action[]
            {
                () => head.InfoJson(), () => head.Save("a"), () => model.WithHead(head), () => first.WithHead(head), () => new Trainer(first, HeadTask.Ner),
                () => trainer.AddNer(Split.Train, "a", new Mark[0]), () => trainer.AddRe(Split.Train, "a b", new TextRange(0, 1), new TextRange(2, 3), "c"),
                () => trainer.AddClass(Split.Train, "a", "b"), () => trainer.AddQa(Split.Train, "a", "b", null), () => trainer.AddFile(Split.Train, "a"),
                () => trainer.Fit(), () => trainer.ReportJson(), () => trainer.Eval(), () => trainer.Head(),
            };
            foreach (var call in calls) Assert.Throws<ObjectDisposedException>(() => call());
        }
    }

    [Test]
    public void Forgotten_trainers_are_freed_by_the_collector()
    {
        using (var own = new Engine())
        {
            var thread = new Thread(() =>
            {
                for (var i = 0; i < 50; i++) new Trainer(own.Open(Repository.Tiny), HeadTask.Classify).AddClass(Split.Train, "a", "b");
            });
            thread.Start();
            thread.Join();
            Assert.IsTrue(Repository.AllCollected(own), own.StatsJson());
        }
    }

    [Test]
    public void Examples_that_make_no_sense_are_refused_without_a_word_of_them()
    {
        using (var ner = new Trainer(model, HeadTask.Ner))
        using (var re = new Trainer(model, HeadTask.Re))
        using (var qa = new Trainer(model, HeadTask.Qa))
        using (var classify = new Trainer(model, HeadTask.Classify))
        {
            const string Text = "canary77 canary78";
            TextRange first = new TextRange(0, 8), second = new TextRange(9, 17), outside = new TextRange(9, 18);
            var calls = new Action[]
            {
                () => ner.AddNer(Split.Train, Text, new[] { new Mark(9, 18, "x") }),
                () => ner.AddNer(Split.Train, Text, new[] { new Mark(5, 5, "x") }),
                () => ner.AddNer(Split.Train, Text, new[] { new Mark(8, 2, "x") }),
                () => ner.AddNer(Split.Train, Text, new[] { new Mark(0, 8, "") }),
                () => ner.AddNer(Split.Train, Text, new[] { new Mark(0, 8, "x"), new Mark(4, 12, "x") }),
                () => ner.AddNer((Split)4, Text, new Mark[0]),
                () => re.AddRe(Split.Train, Text, first, outside, "x"),
                () => re.AddRe(Split.Train, Text, outside, second, "x"),
                () => re.AddRe(Split.Train, Text, first, second, ""),
                () => qa.AddQa(Split.Train, Text, Text, outside),
                () => qa.AddQa(Split.Train, "", Text, null),
                () => classify.AddClass(Split.Train, Text, ""),
                () => classify.AddClass(Split.Train, "", "x"),
                () => ner.AddClass(Split.Train, Text, "x"),
                () => classify.AddNer(Split.Train, Text, new Mark[0]),
            };
            for (var i = 0; i < calls.Length; i++)
            {
                var error = Error(calls[i]);
                Assert.AreEqual(Status.Argument, error.Status, "{0}: {1}", i, error.Message);
                StringAssert.DoesNotContain("canary", error.Message);
            }
            re.AddRe(Split.Train, Text, second, first, "x");
            foreach (var bad in new Action[]
            {
                () => ner.AddNer(Split.Train, "canary77 \ud83d", new Mark[0]), () => re.AddRe(Split.Train, "canary77 \ud83d", first, first, "x"),
                () => qa.AddQa(Split.Train, "a", "canary77 \ud83d", null), () => classify.AddClass(Split.Train, "a", "b", "canary77 \ud83d"),
            })
            {
                var error = Error(bad);
                Assert.AreEqual(Status.Encoding, error.Status);
                StringAssert.DoesNotContain("canary", error.Message);
            }
            foreach (var bad in new Action[]
            {
                () => ner.AddNer(Split.Train, null, new Mark[0]), () => ner.AddNer(Split.Train, "a", null), () => new Mark(0, 1, null),
                () => re.AddRe(Split.Train, null, first, second, "x"), () => re.AddRe(Split.Train, Text, null, second, "x"),
                () => re.AddRe(Split.Train, Text, first, null, "x"), () => re.AddRe(Split.Train, Text, first, second, null),
                () => qa.AddQa(Split.Train, null, "a", null), () => qa.AddQa(Split.Train, "a", null, null),
                () => classify.AddClass(Split.Train, null, "a"), () => classify.AddClass(Split.Train, "a", null), () => classify.AddFile(Split.Train, null),
            })
            {
                Assert.Throws<ArgumentNullException>(() => bad());
            }
            Assert.Throws<ArgumentException>(() => ner.AddNer(Split.Train, "a", new Mark[] { null }));
            Assert.Throws<ArgumentException>(() => ner.AddNer(Split.Train, "a", new[] { new Mark(0, 1, "\ud83d") }));
            Assert.Throws<ArgumentOutOfRangeException>(() => new Mark(-1, 1, "x"));
            Assert.Throws<ArgumentOutOfRangeException>(() => new Mark(1, -1, "x"));
            Assert.Throws<ArgumentOutOfRangeException>(() => new TextRange(-1, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => new TextRange(1, -1));
        }
    }

    [Test]
    public void A_training_without_examples_and_a_question_without_a_head_are_refused()
    {
        using (var trainer = new Trainer(model, HeadTask.Classify, Lessons.Fast()))
        {
            AssertNoHead(trainer);
            Assert.AreEqual(Status.Argument, Error(() => trainer.Eval()).Status);
            var error = Error(() => trainer.Fit());
            StringAssert.Contains("no example", error.Message);
            AssertNoHead(trainer);
        }
        using (var trainer = Lessons.Classes(model, new TrainerOptions { Preset = Preset.Fast, HeadKind = HeadKind.Linear }))
        {
            trainer.Fit();
            StringAssert.Contains("no example to measure", Error(() => trainer.Eval()).Message);
        }
    }

    [Test]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new Trainer(null, HeadTask.Ner));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, HeadTask.Ner, new TrainerOptions { MaxFeatureBytes = -1 }));
        Assert.Throws<ArgumentException>(() => new Trainer(model, HeadTask.Ner, new TrainerOptions { WorkPath = "\ud83d" }));
        Assert.AreEqual(Status.Argument, Error(() => new Trainer(model, (HeadTask)6)).Status);
        foreach (var options in new[]
        {
            new TrainerOptions { Unit = 0 }, new TrainerOptions { Preset = (Preset)3 }, new TrainerOptions { HeadKind = (HeadKind)6 },
            new TrainerOptions { HeadKind = HeadKind.Mlp }, new TrainerOptions { FirstKind = "Drug" }, new TrainerOptions { SecondMask = "@B$" },
        })
        {
            Assert.AreEqual(Status.Argument, Error(() => new Trainer(model, HeadTask.Ner, options)).Status);
        }
        using (var graph = engine.Open(Repository.At("tests/fixtures/roberta-token-onnx")))
        {
            Assert.AreEqual(Status.Unsupported, Error(() => new Trainer(graph, HeadTask.Ner)).Status);
        }
        using (var trainer = Lessons.Entities(model, new TrainerOptions { Preset = Preset.Fast, MaxFeatureBytes = 1 }))
        {
            Assert.AreEqual(Status.Limit, Error(() => trainer.Fit()).Status);
        }
    }

    private static void AssertNoHead(Trainer trainer)
    {
        Assert.AreEqual(Status.Argument, Error(() => trainer.ReportJson()).Status);
        Assert.AreEqual(Status.Argument, Error(() => trainer.Head()).Status);
    }

    private static void AssertStoppedAfter(int epochs, Trainer trainer)
    {
        var report = JsonValue.Parse(trainer.ReportJson());
        Assert.IsTrue(report["stopped"]);
        Assert.AreEqual(epochs, report["history"].Count);
    }
}
