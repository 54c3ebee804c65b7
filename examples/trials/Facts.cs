using System.Collections.Generic;
using System.Linq;

namespace Trials
{
    /// <summary>Holds single things that a criterion wants against single things that a note says.</summary>
    internal static class Facts
    {
        /// <summary>A disease, drug or procedure; null where the note's is another one, or says nothing of it.</summary>
        internal static Outcome Hold(Finding wanted, Finding fact, Sense sense, Reading note)
        {
            var kinship = Compare.Names(wanted, fact);
            if (kinship == Kinship.None) return null;
            var outcome = sense.Judge(fact, note);
            if (outcome == null) return null;
            switch (kinship)
            {
                case Kinship.Rival:
                    return outcome.Verdict == Verdict.Met && !sense.Ever ? outcome.Because(Verdict.NotMet, "another type") : null;
                case Kinship.Broader:
                    if (outcome.Verdict == Verdict.Met) outcome = outcome.Because(Verdict.Unknown, "the note is less exact");
                    break;
                case Kinship.Narrower:
                    if (outcome.Verdict == Verdict.NotMet) outcome = outcome.Because(Verdict.Unknown, "only this kind is ruled out");
                    break;
            }
            if (outcome.Verdict != Verdict.Met) return outcome;
            if (wanted.Stage != null) outcome = HoldStage(wanted.Stage, fact.Stage, outcome);
            return outcome.Verdict == Verdict.Met && wanted.Daily != null ? HoldDose(wanted, fact, outcome) : outcome;
        }

        private static Outcome HoldStage(Stage wanted, Stage fact, Outcome outcome)
        {
            if (fact == null) return outcome.Because(Verdict.Unknown, "no stage");
            var has = wanted.Has(fact);
            return has == Verdict.Met ? outcome : outcome.Because(has, "another stage");
        }

        private static Outcome HoldDose(Finding wanted, Finding fact, Outcome outcome)
        {
            if (fact.Daily == null) return outcome.Because(Verdict.Unknown, "no daily dose");
            var has = Units.Compare("dose", wanted.Daily.Value, wanted.DailyUnit, fact.Daily.Value, fact.DailyUnit);
            var dose = fact.Daily + " " + fact.DailyUnit + " a day";
            return outcome.Because(has ?? Verdict.Unknown, has == null ? dose + ": another unit" : dose);
        }

        /// <summary>A test's value.</summary>
        internal static Outcome Hold(Measure wanted, Reading note)
        {
            var mentions = new List<Outcome>();
            foreach (var fact in note.Measures.Where(fact => fact.Test == wanted.Test))
            {
                var has = Units.Compare(wanted.Test, wanted.Value, wanted.Unit, fact.Value, fact.Unit);
                mentions.Add(new Outcome(has ?? Verdict.Unknown, has == null ? NotCompared(wanted.Unit, fact.Unit) : "", fact.Place));
            }
            // The first age is today's: later ones are of events.
            if (wanted.Test == "age" && mentions.Count > 0) return mentions[0];
            return mentions.Count == 0 ? new Outcome(Verdict.Unknown, "no value of " + wanted.Test) : Outcome.Mentions(mentions);
        }

        private static string NotCompared(string wanted, string fact)
        {
            if (string.IsNullOrEmpty(fact)) return "the note's value has no unit";
            if (string.IsNullOrEmpty(wanted)) return "the criterion's value has no unit";
            return "units cannot be compared: \"" + wanted + "\" and \"" + fact + "\"";
        }

        /// <summary>Sex, pregnancy, a marker.</summary>
        internal static Outcome Hold(State wanted, Reading note)
        {
            var mentions = note.States.Where(fact => fact.Name == wanted.Name)
                .Select(fact => new Outcome(fact.Holds == wanted.Holds ? Verdict.Met : Verdict.NotMet, "", fact.Place)).ToList();
            // A sex is said often.
            if (wanted.Name == "female" && mentions.Count > 0) return mentions[0];
            if (mentions.Count == 0 && (wanted.Name == "pregnant" || wanted.Name == "breast-feeding"))
            {
                var cannot = note.States.FirstOrDefault(fact => fact.Name == "postmenopausal") ?? note.States.FirstOrDefault(fact => fact.Name == "female" && !fact.Holds);
                if (cannot != null) mentions.Add(new Outcome(wanted.Holds ? Verdict.NotMet : Verdict.Met, "", cannot.Place));
            }
            return mentions.Count == 0 ? new Outcome(Verdict.Unknown, "nothing of " + wanted.Name) : Outcome.Mentions(mentions);
        }

        /// <summary>"HIV negative" answers "HIV infection"; null where it does not.</summary>
        internal static Outcome HoldInfection(Finding wanted, Reading note)
        {
            if (wanted.Name.Length != 2 || wanted.Name[1] != "infection") return null;
            var fact = note.States.FirstOrDefault(state => state.Name.ToLowerInvariant() == wanted.Name[0]);
            return fact == null ? null : new Outcome(fact.Holds ? Verdict.Met : Verdict.NotMet, "", fact.Place);
        }
    }
}
