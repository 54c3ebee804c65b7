using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Trials
{
    /// <summary>A day, month or year in a text: the first and the last day that it may be.</summary>
    internal sealed class Date
    {
        private Date(Place place, DateTime first, DateTime last)
        {
            Place = place;
            First = first;
            Last = last;
        }

        internal Place Place { get; }

        internal DateTime First { get; }

        internal DateTime Last { get; }

        private const string Months = "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?";

        // 03/04/2024 is not read: it is another day in America than in Europe.
        private static readonly Regex Written = new Regex(
            @"\b(?:(?<y>(?:19|20)\d\d)-(?<m>[01]\d)-(?<d>[0-3]\d)|(?:(?<d>\d{1,2})(?:st|nd|rd|th)?\s+)?(?<n>" + Months + @")\.?(?:\s+(?<d>\d{1,2})(?:st|nd|rd|th)?)?,?\s+(?<y>(?:19|20)\d\d)|(?<=\b(?:in|since|of|during|until)\s)(?<y>(?:19|20)\d\d))\b",
            RegexOptions.CultureInvariant);

        private static readonly Regex Ago = new Regex(@"\b(?<n>\d{1,3})\s+(?<unit>day|week|month|year)s?\s+(?:ago|earlier|prior)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        /// <summary>The day of a note: a whole date in its first lines.</summary>
        internal static Date OfNote(string note)
        {
            var lines = note.Split('\n').Take(4).ToArray();
            return Read(string.Join("\n", lines), null).FirstOrDefault(date => date.First == date.Last);
        }

        /// <summary>Dates by place; "3 months ago" counts from the note's day, if that is known.</summary>
        internal static List<Date> Read(string text, Date today)
        {
            var all = new List<Date>();
            foreach (Match match in Written.Matches(text))
            {
                var place = new Place(match.Index, match.Index + match.Length);
                var year = int.Parse(match.Groups["y"].Value, CultureInfo.InvariantCulture);
                var month = Month(match);
                var first = new DateTime(year, month == 0 ? 1 : month, 1);
                var last = month == 0 ? first.AddYears(1).AddDays(-1) : first.AddMonths(1).AddDays(-1);
                if (match.Groups["d"].Success)
                {
                    var day = int.Parse(match.Groups["d"].Value, CultureInfo.InvariantCulture);
                    if (day < 1 || day > last.Day) continue;
                    first = last = first.AddDays(day - 1);
                }
                all.Add(new Date(place, first, last));
            }
            if (today == null) return all;
            foreach (Match match in Ago.Matches(text))
            {
                var n = int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture);
                // As exact as it was said: two months ago may be a fortnight more or less.
                var day = new Window(n, match.Groups["unit"].Value).Before(today.First);
                var slack = new Window(1, match.Groups["unit"].Value).Days / 2;
                all.Add(new Date(new Place(match.Index, match.Index + match.Length), day.AddDays(-slack), day.AddDays(slack)));
            }
            return all;
        }

        private static int Month(Match match)
        {
            if (match.Groups["n"].Success) return 1 + Array.IndexOf("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".Split(' '), match.Groups["n"].Value.Substring(0, 3));
            if (!match.Groups["m"].Success) return 0;
            var month = int.Parse(match.Groups["m"].Value, CultureInfo.InvariantCulture);
            return month > 12 ? 0 : month;
        }

        /// <summary>The date of what a sentence says at a place: the next one after it, else the last before it.</summary>
        internal static Date At(IReadOnlyList<Date> dates, Place sentence, Place fact)
        {
            var near = dates.Where(date => sentence.Overlaps(date.Place)).OrderBy(date => date.Place.Start).ToList();
            return near.FirstOrDefault(date => date.Place.Start >= fact.Start) ?? near.LastOrDefault();
        }

        public override string ToString()
        {
            var format = First == Last ? "yyyy-MM-dd" : First.AddMonths(2) > Last ? "yyyy-MM" : "yyyy";
            return First.ToString(format, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>"Within 6 months": how far back.</summary>
    internal sealed class Window
    {
        private readonly int number;
        private readonly string unit;

        internal Window(int number, string unit)
        {
            this.number = number;
            this.unit = unit.ToLowerInvariant();
        }

        private static readonly Regex Wanted = new Regex(
            @"\b(?:with)?in\s+(?:the\s+)?(?:last\s+|past\s+|previous\s+|prior\s+)?(?<n>\d{1,3}|one|two|three|six|twelve)\s+(?<unit>day|week|month|year)s?(?:\s+(?:of|before|prior\s+to)\s+(?:the\s+)?(?:screening|enrol?lment|randomi[sz]ation|study entry|inclusion|first dose))?\b",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        internal double Days => (Before(new DateTime(2000, 1, 1)) - new DateTime(2000, 1, 1)).TotalDays * -1;

        /// <summary>The window of a criterion and its place; null if it has none.</summary>
        internal static Window Read(string text, out Place place)
        {
            var match = Wanted.Match(text);
            place = new Place(match.Index, match.Index + match.Length);
            if (!match.Success) return null;
            int number;
            if (!int.TryParse(match.Groups["n"].Value, out number))
            {
                number = new Dictionary<string, int> { { "one", 1 }, { "two", 2 }, { "three", 3 }, { "six", 6 }, { "twelve", 12 } }[match.Groups["n"].Value.ToLowerInvariant()];
            }
            return new Window(number, match.Groups["unit"].Value);
        }

        internal DateTime Before(DateTime day)
        {
            switch (unit)
            {
                case "day": return day.AddDays(-number);
                case "week": return day.AddDays(-7 * number);
                case "month": return day.AddMonths(-number);
                default: return day.AddYears(-number);
            }
        }

        /// <summary>Whether a date lies in the window that ends with the note's day.</summary>
        internal Verdict Has(Date date, Date today)
        {
            var from = Before(today.First);
            if (date.First >= from && date.Last <= today.Last) return Verdict.Met;
            return date.Last < from ? Verdict.NotMet : Verdict.Unknown;
        }
    }
}
