using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Trials
{
    /// <summary>A page for a browser, complete in itself: who may take part in what, then for each patient criterion, verdict
    /// and the note's sentence side by side. It is there whole or not at all; patients go to a draft as they come.</summary>
    internal sealed class Page : IDisposable
    {
        private const string Head = @"<!doctype html><html lang=""en""><meta charset=""utf-8""><title>Trial matching</title>
<meta http-equiv=""Content-Security-Policy"" content=""default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"">
<meta name=""viewport"" content=""width=device-width"">
<style>
" + Style.Css + @"</style>
<h1>Trial matching</h1>
<p class=""lead"">Not for the care of patients: a person reads both texts. Unknown unless the note says something; kinds and classes
(that metoprolol is a beta-blocker) are not known.</p>
<form hidden><label>show <select><option value="""">all criteria<option value=""bad"">what keeps patients out<option value=""open"">open questions<option value=""good"">what is fulfilled</select></label>
<label>words <input type=""search""></label> <output></output></form>
";

        private const string Script = @"<script>
const form = document.forms[0], rows = [...document.querySelectorAll('tr[data-is]')];
form.hidden = !rows.length;
form.onsubmit = event => event.preventDefault();
(form.oninput = () => {
  const is = form.querySelector('select').value, words = form.querySelector('input').value.toLowerCase();
  for (const row of rows) row.hidden = !(row.dataset.is.includes(is) && row.textContent.toLowerCase().includes(words));
  for (const part of document.querySelectorAll('.held'))
    part.hidden = (is || words) && [...part.querySelectorAll('tr[data-is]')].every(row => row.hidden);
  for (const part of document.querySelectorAll('.patient')) part.hidden = [...part.querySelectorAll('.held')].every(held => held.hidden);
  form.querySelector('output').value = rows.filter(row => !row.hidden).length + ' of ' + rows.length + ' criteria shown';
})();
for (const link of document.querySelectorAll('a')) link.onclick = () => {
  if (document.querySelector(link.hash).closest('[hidden]')) { form.reset(); form.oninput(); }
};
</script></html>
";

        private readonly string path;
        private readonly IReadOnlyList<string> trials;
        private readonly StreamWriter body;
        /// <summary>The table at the top: a row for each patient.</summary>
        private readonly StringBuilder overview = new StringBuilder();
        private int patients;

        internal Page(string path, IReadOnlyList<string> trials)
        {
            this.path = path;
            this.trials = trials;
            body = Open(Draft("body"));
        }

        /// <summary>A patient, and what came of each trial.</summary>
        internal void Write(string patient, IReadOnlyList<IReadOnlyList<Row>> held, Reading note)
        {
            patients++;
            overview.Append("<tr><th><a href=\"#p" + patients + "\">" + Safe(patient) + "</a>");
            body.WriteLine("<section class=\"patient\"><h2 id=\"p" + patients + "\">" + Safe(patient) + "</h2>");
            for (var i = 0; i < held.Count; i++)
            {
                string which;
                var overall = Row.Overall(held[i], out which);
                var tag = Tag(Is(held[i]), overall) + " " + which;
                var id = "p" + patients + "t" + (i + 1);
                overview.Append("<td data-name=\"" + Safe(trials[i]) + "\"><a href=\"#" + id + "\">" + tag + "</a>");
                body.WriteLine("<div class=\"held\"><h3 id=\"" + id + "\">" + Safe(trials[i]) + " " + tag + "</h3>");
                body.WriteLine("<table><thead><tr><th style=\"width:38%\">Criterion<th style=\"width:8rem\">Verdict<th>The note</thead><tbody>");
                foreach (var row in held[i]) Write(row, note);
                body.WriteLine("</tbody></table></div>");
            }
            overview.Append("\n");
            body.WriteLine("</section>");
        }

        private void Write(Row row, Reading note)
        {
            var side = row.Is == "bad" ? "<br><small class=\"bad\">keeps out</small>" : "";
            body.Write("<tr data-is=\"" + row.Is + "\"><td class=\"said\"><small>" + row.Criterion.Number + " " + row.Kind + "</small><br>" + Safe(row.Criterion.Text));
            body.Write("<td>" + Tag(row.Is, row.Verdict) + side + "<td class=\"said\">");
            foreach (var sentence in Table.SentencesOf(row.Outcome, note)) body.Write(Marked(sentence, row.Outcome.Evidence, note.Text) + "<br>");
            body.WriteLine("<small>" + Safe(Table.WhyOf(row.Outcome, note)) + "</small>");
        }

        /// <summary>Whether a trial is closed to the patient, open, or fulfilled.</summary>
        private static string Is(IReadOnlyList<Row> rows)
        {
            return rows.Any(row => row.Is == "bad") ? "bad" : rows.Any(row => row.Is == "open") ? "open" : "good";
        }

        private static string Tag(string colour, string text)
        {
            return "<span class=\"tag " + colour + "\">" + text + "</span>";
        }

        /// <summary>A sentence with the words that decided; of a very long one, what is around them.</summary>
        private static string Marked(Place sentence, IEnumerable<Place> evidence, string text)
        {
            const int around = 300;
            var html = new StringBuilder();
            var marks = evidence.Where(sentence.Overlaps).OrderBy(place => place.Start).ToList();
            if (marks.Count == 0) marks.Add(new Place(sentence.Start, sentence.Start));
            var at = Math.Max(sentence.Start, marks[0].Start - around);
            var end = Math.Min(sentence.End, marks.Max(mark => mark.End) + around);
            if (at > 0 && char.IsLowSurrogate(text[at])) at--;
            if (end < text.Length && char.IsLowSurrogate(text[end])) end--;
            if (at > sentence.Start) html.Append("&hellip;");
            foreach (var place in marks)
            {
                var after = Math.Min(place.End, sentence.End);
                if (place.Start < at || after <= at) continue;
                html.Append(Safe(text.Substring(at, place.Start - at))).Append("<mark>").Append(Safe(text.Substring(place.Start, after - place.Start))).Append("</mark>");
                at = after;
            }
            return html.Append(Safe(text.Substring(at, end - at))).Append(end < sentence.End ? "&hellip;" : "").ToString();
        }

        private static string Safe(string text)
        {
            return text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");
        }

        internal void Finish()
        {
            body.Dispose();
            using (var page = Open(Draft("new")))
            {
                page.Write(Head);
                if (patients == 0) page.WriteLine("<p>No note was read.</p>");
                else page.WriteLine("<table><thead><tr><th>Patient<th>" + string.Join("<th>", trials.Select(Safe)) + "</thead><tbody>\n" + overview + "</tbody></table>");
                using (var draft = new StreamReader(Draft("body")))
                {
                    var block = new char[1 << 16];
                    for (int read; (read = draft.Read(block, 0, block.Length)) > 0;) page.Write(block, 0, read);
                }
                page.Write(Script);
            }
            File.Delete(path);
            File.Move(Draft("new"), path);
        }

        private string Draft(string what)
        {
            return path + "." + what;
        }

        private static StreamWriter Open(string path)
        {
            return new StreamWriter(path, false, new UTF8Encoding(false)) { NewLine = "\n" };
        }

        public void Dispose()
        {
            body.Dispose();
            File.Delete(Draft("body"));
            File.Delete(Draft("new"));
        }
    }
}
