using System;
using System.Collections.Generic;
using System.Linq;
using Biobert;
using NUnit.Framework;

/// <summary>Filling masks with a model that kept its masked-language head, and with one that did not.</summary>
[TestFixture]
public class FillTests
{
    private const string Text = "\uD83D\uDE00 [MASK] with fever [MASK]";

    [Test]
    public void Masks_have_candidates_the_most_probable_first()
    {
        using (var engine = new Engine())
        using (var model = engine.Open(Repository.At("tests/fixtures/bert-fill")))
        {
            Assert.AreEqual("[MASK]", model.MaskToken);
            var masks = model.Fill(Text).Masks;
            Assert.AreEqual(2, masks.Count);
            Assert.AreEqual("[MASK]", Text.Substring(masks[1].Start, masks[1].End - masks[1].Start));
            foreach (var mask in masks)
            {
                Assert.AreEqual(5, mask.Candidates.Count);
                CollectionAssert.AreEqual(mask.Candidates.OrderByDescending(c => c.Score), mask.Candidates);
                Assert.IsTrue(mask.Candidates.All(c => c.Score > 0 && c.Score <= 1));
            }

            Assert.AreEqual("##3", masks[0].Candidates[0].Token);
            Assert.AreEqual(70, masks[0].Candidates[0].Id);
            var two = model.Fill(Text, new FillOptions { TopK = 2, Unit = OffsetUnit.Utf8Bytes }).Masks[0];
            Assert.AreEqual(5, two.Start);
            Assert.AreEqual(2, two.Candidates.Count);
            Assert.AreEqual(masks[0].Candidates[1].Score, two.Candidates[1].Score);
            Assert.AreEqual(2, model.FillAsync(Text).Result.Masks.Count);
            Assert.AreEqual(0, model.Fill(Text).Spans.Count);
            Assert.Throws<NotSupportedException>(() => ((IList<Candidate>)masks[0].Candidates).Clear());
            Assert.Throws<ArgumentOutOfRangeException>(() => model.Fill(Text, new FillOptions { TopK = -1 }));
        }
    }

    [Test]
    public void What_cannot_be_filled_is_said()
    {
        using (var engine = new Engine())
        using (var model = engine.Open(Repository.At("tests/fixtures/bert-fill")))
        using (var other = engine.Open(Repository.Tiny))
        {
            var found = model.Fill(new[] { "no mask", Text });
            Assert.AreEqual(Status.Argument, found[0].Status);
            Assert.Throws<BiobertException>(() => found[0].Masks.ToString());
            Assert.AreEqual(2, found[1].Masks.Count);
            Assert.AreEqual(Status.Argument, Assert.Throws<BiobertException>(() => model.Fill("no mask")).Status);
            Assert.IsNull(other.MaskToken);
            Assert.AreEqual(Status.NotFound, Assert.Throws<BiobertException>(() => other.Fill(Text)).Status);
            Assert.Throws<ArgumentException>(() => model.Fill(Text, new FillOptions { Heads = new[] { "disease" } }));
        }
    }
}
