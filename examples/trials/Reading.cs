using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Biobert;

namespace Trials
{
    /// <summary>What a text says. Criteria and notes are read in the same way: what one wants and what the other has
    /// then are the same kinds of things.</summary>
    internal sealed class Reading
    {
        private Reading(string text, DocumentResult read, DocumentResult sentences)
        {
            Text = text;
            Sentences = sentences.Sentences.Select(range => new Place(range.Start, range.End)).ToList();
            Findings = Finding.Read(text, read);
            Measures = Measure.Read(text, read.Entities);
            States = Person.Read(text);
            Today = Date.OfNote(text);
        }

        internal string Text { get; }

        internal IReadOnlyList<Place> Sentences { get; }

        internal List<Finding> Findings { get; }

        internal List<Measure> Measures { get; private set; }

        internal List<State> States { get; private set; }

        /// <summary>The day of the note; null where it does not say.</summary>
        internal Date Today { get; }

        internal IReadOnlyList<Date> Dates { get; private set; }

        /// <summary>Whether the note says that no allergy is known, and where.</summary>
        internal Place? NoAllergies { get; private set; }

        private static readonly Regex Allergic = new Regex(@"\b(?:NKDA|NKA|no (?:known )?(?:drug )?allerg(?:y|ies)(?! to\b)|allergies\s*:\s*(?:none|no\b|nil))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        /// <summary>Reads a criterion.</summary>
        internal static Reading OfCriterion(string text, DocumentResult read, DocumentResult sentences)
        {
            var criterion = new Reading(text, read, sentences) { Dates = new Date[0] };
            criterion.States.AddRange(Person.Wanted(text));
            return criterion;
        }

        /// <summary>Reads a note. What is said of relatives is not the patient's.</summary>
        internal static Reading OfNote(string text, DocumentResult read, DocumentResult sentences)
        {
            var note = new Reading(text, read, sentences);
            note.Dates = Date.Read(text, note.Today);
            var family = read.Sections.Where(section => section.Name == "family_history").Select(section => new Place(section.Start, section.End)).ToList();
            note.Measures = note.Measures.Where(measure => !note.IsRelatives(measure.Place, family)).ToList();
            note.States = note.States.Where(state => !note.IsRelatives(state.Place, family)).ToList();
            var none = Allergic.Match(text);
            if (none.Success) note.NoAllergies = new Place(none.Index, none.Index + none.Length);
            return note;
        }

        private bool IsRelatives(Place place, List<Place> family)
        {
            if (family.Exists(section => section.Overlaps(place))) return true;
            var sentence = SentenceOf(place);
            return Person.IsRelative(new Place(sentence.Start, place.Start).In(Text));
        }

        /// <summary>The sentence in which a place begins.</summary>
        internal Place SentenceOf(Place place)
        {
            foreach (var sentence in Sentences)
            {
                if (sentence.Holds(place.Start)) return sentence;
            }
            return place;
        }
    }
}
