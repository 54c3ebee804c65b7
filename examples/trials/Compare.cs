using System.Linq;

namespace Trials
{
    /// <summary>How what a note names stands to what a criterion names.</summary>
    internal enum Kinship
    {
        None,
        Same,

        /// <summary>The note is more exact: "insulin glargine" for "insulin".</summary>
        Narrower,

        /// <summary>The note is less exact: "diabetes" for "type 2 diabetes".</summary>
        Broader,

        /// <summary>One excludes the other: type 1 and type 2.</summary>
        Rival,
    }

    /// <summary>Compares names by codes and by words. It knows no classes: that metoprolol is a beta-blocker, and
    /// pneumonia an infection, stands in no name.</summary>
    internal static class Compare
    {
        private static readonly string[] Prefixes = { "non", "not", "anti", "pre", "post", "pseudo", "no" };
        private static readonly string[] Prepositions = { "of", "to", "in", "with", "due", "on", "for", "after", "from", "without" };

        internal static Kinship Names(Finding wanted, Finding fact)
        {
            var best = Kinship.None;
            foreach (var a in new[] { wanted.Name, wanted.Expansion })
            {
                foreach (var b in new[] { fact.Name, fact.Expansion })
                {
                    if (a == null || b == null) continue;
                    var kinship = Names(a, b, fact.Drug);
                    if (best == Kinship.None || kinship == Kinship.Same) best = kinship;
                }
            }
            // Codes of kinds that exclude each other differ, and what differs in words may have one code.
            return best == Kinship.None && wanted.Codes.Intersect(fact.Codes).Any() ? Kinship.Same : best;
        }

        private static Kinship Names(string[] wanted, string[] fact, bool drug)
        {
            if (wanted.SequenceEqual(fact)) return Kinship.Same;
            if (wanted.Length == fact.Length && Rivals(wanted, fact)) return Kinship.Rival;
            if (IsKind(fact, wanted, drug)) return Kinship.Narrower;
            return IsKind(wanted, fact, drug) ? Kinship.Broader : Kinship.None;
        }

        /// <summary>All the same but for the number of the type.</summary>
        private static bool Rivals(string[] a, string[] b)
        {
            for (var i = 0; i < a.Length; i++)
            {
                if (a[i] != b[i] && !(i > 0 && a[i - 1] == "type" && a[i].Length == 1 && b[i].Length == 1)) return false;
            }
            return true;
        }

        /// <summary>Whether the longer name is a kind of the shorter: it ends with it ("ischemic stroke"), or goes on
        /// with a preposition ("radiotherapy to the chest") or, of drugs, with anything ("insulin glargine").</summary>
        private static bool IsKind(string[] longer, string[] shorter, bool drug)
        {
            if (longer.Length <= shorter.Length) return false;
            var at = Words.Find(longer, shorter);
            if (at < 0 || at > 0 && Prefixes.Contains(longer[at - 1])) return false;
            var after = at + shorter.Length;
            return after == longer.Length || Prepositions.Contains(longer[after]) || drug && at == 0;
        }
    }
}
