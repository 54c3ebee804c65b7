using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Biobert;

namespace Trials
{
    /// <summary>Holds a criterion against a note. Nothing is met by silence, and what is not understood of a criterion
    /// keeps it from being met.</summary>
    internal sealed class Judge
    {
        private static readonly Regex Exception = new Regex(@"\b(?:except(?:ion)?|unless|other than|excluding|exclusion of)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        private static readonly Regex Rule = new Regex(@"\b(?:must|should|shall|need to|have to|are required|agree|willing)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        /// <summary>Words that change nothing: those of every criterion.</summary>
        private static readonly HashSet<string> Idle = new HashSet<string>(Words.Fold(
            "a an the of or and to in on at for by with be is are was has have had must should will any other known confirmed histologically cytologically histological "
            + "documented diagnosis diagnosed evidence clinical clinically patient subject participant individual adult person people who willing treated treatment therapy treatments "
            + "receiving received taking use per day daily least than screening baseline enrollment enrolment level serum no not without absence negative positive from as eligible "
            + "year old age aged presence mutation status gene tested class defined either sex time sign signed signing informed consent study trial entry inclusive following"));

        private readonly Reading criterion;
        private readonly Sense sense;
        private readonly List<Place> understood = new List<Place>();

        internal Judge(Reading criterion)
        {
            this.criterion = criterion;
            sense = new Sense(criterion.Text);
            understood.AddRange(sense.Consumed);
            understood.AddRange(criterion.Measures.Select(measure => measure.Place));
            understood.AddRange(criterion.States.Select(state => state.Place));
            understood.AddRange(Person.OfEitherSex(criterion.Text));
            understood.AddRange(criterion.Findings.Select(finding => finding.Place));
            understood.AddRange(criterion.Findings.Where(finding => finding.CuePlace != null).Select(finding => finding.CuePlace.Value));
            understood.AddRange(Stage.Words.Matches(criterion.Text).Cast<Match>().Select(match => new Place(match.Index, match.Index + match.Length)));
        }

        internal Outcome Hold(Reading note)
        {
            var findings = criterion.Findings.Where(IsCondition).ToList();
            // "No prior radiotherapy or chemotherapy" denies what comes of both.
            var denied = findings.Where(IsDenied).ToList();
            var first = denied.Count == 0 ? 0 : denied.Min(finding => finding.CuePlace.Value.Start);
            var others = criterion.Measures.Select(measure => measure.Place).Concat(criterion.States.Select(state => state.Place));
            var whole = denied.Count > 0 && findings.Count == denied.Count && others.All(place => place.Start >= first);
            var parts = new List<KeyValuePair<Place, Outcome>>();
            foreach (var finding in findings)
            {
                var outcome = Hold(finding, note);
                parts.Add(new KeyValuePair<Place, Outcome>(finding.Place, !whole && denied.Contains(finding) ? outcome.Not() : outcome));
            }
            parts.AddRange(criterion.Measures.Where(IsMeasure).Select(measure => new KeyValuePair<Place, Outcome>(measure.Place, Facts.Hold(measure, note))));
            parts.AddRange(criterion.States.Select(state => new KeyValuePair<Place, Outcome>(state.Place, Facts.Hold(state, note))));
            if (parts.Count == 0) return new Outcome(Verdict.Unknown, "the criterion is not understood");

            var all = Joined(parts.OrderBy(part => part.Key.Start).ToList(), note);
            if (all.Verdict == Verdict.Met && Exception.IsMatch(criterion.Text)) all = all.Because(Verdict.Unknown, "the criterion has an exception");
            return whole ? all.Not() : all;
        }

        /// <summary>"Women who are pregnant or breast-feeding": the sex holds for all that follows.</summary>
        private Outcome Joined(List<KeyValuePair<Place, Outcome>> parts, Reading note)
        {
            var scope = parts.Count > 1 && criterion.States.Exists(state => state.Name == "female" && state.Place.Start == parts[0].Key.Start) ? parts[0].Value : null;
            if (scope != null) parts = parts.Skip(1).ToList();
            var layout = new Layout(criterion.Text, understood, parts.Select(part => part.Key).ToList());
            Outcome joined;
            if (layout.Mixed)
            {
                joined = new Outcome(Verdict.Unknown, "\"and\" and \"or\" in one criterion: not understood", parts.SelectMany(part => part.Value.Evidence).ToArray());
            }
            else
            {
                joined = Outcome.Any(layout.Segments.Select(segment =>
                {
                    var own = parts.Where(part => segment.Holds(part.Key.Start)).Select(part => part.Value).ToList();
                    if (own.Count > 0) return Complete(Outcome.All(own), segment, note);
                    var open = Open(segment, new HashSet<string>());
                    return open.Count == 0 ? null : new Outcome(Verdict.Unknown, "not understood: \"" + string.Join(" ", open) + "\"");
                }).Where(outcome => outcome != null).ToList());
                foreach (var limit in layout.Limits) joined = Complete(joined, limit, note);
            }
            if (scope == null) return joined;
            // "Women must be postmenopausal" asks nothing of men.
            if (Rule.IsMatch(criterion.Text)) return scope.Verdict == Verdict.NotMet ? scope.Because(Verdict.Met, "does not apply") : joined;
            return Outcome.All(new[] { scope, joined });
        }

        /// <summary>A finding that another kind of condition has not already: "feeding" of "breast-feeding", and in
        /// "hypersensitivity to paclitaxel" only the drug.</summary>
        private bool IsCondition(Finding finding)
        {
            if (criterion.Measures.Exists(measure => measure.Place.Overlaps(finding.Place))) return false;
            if (criterion.States.Exists(state => state.Place.Overlaps(finding.Place) && !finding.Name.Except(Idle).Except(Words.Fold(state.Place.In(criterion.Text))).Any())) return false;
            if (sense.Allergy && !finding.Drug) return false;
            return finding.Name.Except(Idle).Any();
        }

        private static bool IsDenied(Finding finding)
        {
            // What "allergy to" makes absent is the drug, not the allergy.
            return finding.Value == AssertionValue.Absent && finding.CuePlace != null && finding.Category != Category.Allergy;
        }

        /// <summary>A dose of a drug is the drug's.</summary>
        private bool IsMeasure(Measure measure)
        {
            return !criterion.Findings.Exists(finding => finding.Daily != null && finding.Place.Overlaps(measure.Place));
        }

        private Outcome Hold(Finding wanted, Reading note)
        {
            var mentions = new List<Outcome>();
            foreach (var fact in note.Findings)
            {
                var mention = Facts.Hold(wanted, fact, sense, note);
                if (mention != null) mentions.Add(mention);
            }
            if (sense.Allergy && mentions.Count == 0 && note.NoAllergies != null) return new Outcome(Verdict.NotMet, "no allergies", note.NoAllergies.Value);
            var infection = Facts.HoldInfection(wanted, note);
            if (infection != null) mentions.Add(infection);
            return mentions.Count == 0 ? new Outcome(Verdict.Unknown, "not mentioned; kinds and classes are not known") : Outcome.Mentions(mentions);
        }

        /// <summary>What of the criterion was not understood must stand in the note's sentence too.</summary>
        private Outcome Complete(Outcome outcome, Place segment, Reading note)
        {
            if (outcome.Verdict != Verdict.Met) return outcome;
            var said = new HashSet<string>(outcome.Evidence.SelectMany(place => Words.Fold(note.SentenceOf(place).In(note.Text))));
            var open = Open(segment, said);
            var opposite = open.FirstOrDefault(word => Words.Denies(said, word));
            if (opposite != null) return outcome.Because(Verdict.NotMet, "the opposite of \"" + opposite + "\"");
            return open.Count == 0 ? outcome : outcome.Because(Verdict.Unknown, "not checked: \"" + string.Join(" ", open) + "\"");
        }

        /// <summary>Words of a part of the criterion that are neither understood nor said.</summary>
        private List<string> Open(Place segment, HashSet<string> said)
        {
            return Regex.Matches(segment.In(criterion.Text), @"[\p{L}\p{N}][\p{L}\p{N}.,-]*").Cast<Match>()
                .Where(word => !understood.Exists(place => place.Overlaps(new Place(segment.Start + word.Index, segment.Start + word.Index + word.Length))))
                .SelectMany(word => Words.Fold(word.Value)).Where(word => !Idle.Contains(word) && !said.Contains(word)).ToList();
        }
    }
}
