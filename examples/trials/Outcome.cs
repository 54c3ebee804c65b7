using System.Collections.Generic;
using System.Linq;

namespace Trials
{
    /// <summary>What came of holding something against a note: verdict, the note's words, and why.</summary>
    internal sealed class Outcome
    {
        internal Outcome(Verdict verdict, string why, params Place[] evidence)
        {
            Verdict = verdict;
            Why = why;
            Evidence = evidence;
        }

        internal Verdict Verdict { get; }

        internal string Why { get; }

        /// <summary>Places in the note; none where it says nothing.</summary>
        internal IReadOnlyList<Place> Evidence { get; }

        internal Outcome Because(Verdict verdict, string why)
        {
            return new Outcome(verdict, why, Evidence.ToArray());
        }

        internal Outcome Not()
        {
            return Because(Verdict == Verdict.Met ? Verdict.NotMet : Verdict == Verdict.NotMet ? Verdict.Met : Verdict.Unknown, Why);
        }

        /// <summary>Of several conditions: one that is not met decides, then one that is unknown.</summary>
        internal static Outcome All(IReadOnlyList<Outcome> parts)
        {
            return Decided(parts, Verdict.NotMet, Verdict.Met);
        }

        /// <summary>One that is met decides, then one that is unknown.</summary>
        internal static Outcome Any(IReadOnlyList<Outcome> parts)
        {
            return Decided(parts, Verdict.Met, Verdict.NotMet);
        }

        private static Outcome Decided(IReadOnlyList<Outcome> parts, Verdict decides, Verdict otherwise)
        {
            foreach (var verdict in new[] { decides, Verdict.Unknown })
            {
                var such = parts.Where(part => part.Verdict == verdict).ToList();
                if (such.Count > 0) return Joined(verdict, such);
            }
            return Joined(otherwise, parts);
        }

        private static Outcome Joined(Verdict verdict, IReadOnlyList<Outcome> parts)
        {
            return new Outcome(verdict, string.Join("; ", parts.Select(part => part.Why).Where(why => why != "").Distinct()), parts.SelectMany(part => part.Evidence).Distinct().ToArray());
        }

        /// <summary>Of several mentions of one thing: those that say yes and those that say no are told, not chosen
        /// between.</summary>
        internal static Outcome Mentions(IReadOnlyList<Outcome> mentions)
        {
            var met = mentions.Where(mention => mention.Verdict == Verdict.Met).ToList();
            var not = mentions.Where(mention => mention.Verdict == Verdict.NotMet).ToList();
            if (met.Count > 0 && not.Count > 0) return Joined(Verdict.Unknown, met.Concat(not).ToList()).Because(Verdict.Unknown, "the note says both");
            if (met.Count > 0) return Joined(Verdict.Met, met);
            return not.Count > 0 ? Joined(Verdict.NotMet, not) : Joined(Verdict.Unknown, mentions);
        }
    }
}
