using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Trials
{
    /// <summary>A page for a browser, complete in itself: criterion, verdict, and the note's sentence beside it. It is
    /// written patient by patient.</summary>
    internal sealed class Page : IDisposable
    {
        private readonly TextWriter output;

        internal Page(TextWriter output)
        {
            this.output = output;
            output.WriteLine("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Trial matching</title><style>");
            output.WriteLine("body{font:15px/1.45 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}");
            output.WriteLine("table{border-collapse:collapse;width:100%;table-layout:fixed;margin-bottom:1.5rem}td,th{padding:.35rem .6rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}");
            output.WriteLine("col.v{width:7.5rem}mark{background:#fff0b3;padding:0 .1em}small{color:#555}.bars td{background:#fbeaea}.open td{background:#f6f6f6}.bars b{color:#a11}h3{margin-bottom:.2rem}");
            output.WriteLine("</style><h1>Trial matching</h1><p>Not for the care of patients: a person reads both texts. Unknown unless the note says something; kinds and classes (that metoprolol is a beta-blocker) are not known.</p>");
        }

        internal void Patient(string name)
        {
            output.WriteLine("<h2>" + Safe(name) + "</h2>");
        }

        internal void Write(string trial, IReadOnlyList<Row> rows, Reading note)
        {
            string which;
            var overall = Row.Overall(rows, out which);
            output.WriteLine("<h3>" + Safe(trial) + "</h3><p><b>" + overall + "</b>" + (which == "" ? "" : " " + which) + "</p>");
            output.WriteLine("<table><colgroup><col><col class=\"v\"><col></colgroup><tr><th>Criterion<th>Verdict<th>The note");
            foreach (var row in rows)
            {
                var kind = row.Bars ? "bars" : row.Outcome.Verdict == Verdict.Unknown ? "open" : "";
                output.Write("<tr class=\"" + kind + "\"><td><small>" + row.Criterion.Number + " " + row.Kind + "</small><br>" + Safe(row.Criterion.Text));
                output.Write("<td><b>" + row.Verdict + "</b><td>");
                foreach (var sentence in Table.SentencesOf(row.Outcome, note)) output.Write(Marked(sentence, row.Outcome.Evidence, note.Text) + "<br>");
                output.WriteLine("<small>" + Safe(Table.WhyOf(row.Outcome, note)) + "</small>");
            }
            output.WriteLine("</table>");
        }

        /// <summary>A sentence with the words that decided.</summary>
        private static string Marked(Place sentence, IEnumerable<Place> evidence, string text)
        {
            var html = new StringBuilder();
            var at = sentence.Start;
            foreach (var place in evidence.Where(sentence.Overlaps).OrderBy(place => place.Start))
            {
                var end = Math.Min(place.End, sentence.End);
                if (place.Start < at || end <= at) continue;
                html.Append(Safe(text.Substring(at, place.Start - at))).Append("<mark>").Append(Safe(text.Substring(place.Start, end - place.Start))).Append("</mark>");
                at = end;
            }
            return html.Append(Safe(text.Substring(at, sentence.End - at))).ToString();
        }

        private static string Safe(string text)
        {
            return text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");
        }

        public void Dispose()
        {
            output.Dispose();
        }
    }
}
