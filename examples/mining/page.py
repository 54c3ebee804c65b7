"""The page: a table of pairs, whose rows open their evidence, and one of mechanisms. Nothing is loaded from anywhere."""
from html import escape

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #222; background: #fff }
table { border-collapse: collapse; width: 100%; margin-bottom: 3rem } th { text-align: left; border-bottom: 2px solid #444 }
td, th { padding: .25rem .6rem; vertical-align: top } td.n { text-align: right; font-variant-numeric: tabular-nums }
tr.pair, tr.row { border-top: 1px solid #ddd } tr.pair { cursor: pointer } tr.pair:hover { background: #f3f6fa }
button { all: unset; cursor: pointer; color: #0a58a8 } button:focus-visible { outline: 2px solid #0a58a8 }
tr.more td { background: #fafafa } tr.more p { margin: .3rem 0 } .code, .doc, .note { color: #666; font-size: 85% } .note { color: #a04000 }
mark { border-radius: 3px; padding: 0 .15em } mark.T, mark.first { background: #cfe3ff } mark.P { background: #e3d6ff }
mark.O, mark.second { background: #ffdcd1 } mark.verb { background: #d8f2d0 } input { font: inherit; padding: .3rem; width: 20rem }
"""
SCRIPT = """
for (const row of document.querySelectorAll("tr.pair")) row.onclick = () => {
  const more = row.nextElementSibling; more.hidden = !more.hidden;
  row.querySelector("button").setAttribute("aria-expanded", !more.hidden); };
document.querySelector("input").oninput = event => {
  const words = event.target.value.toLowerCase();
  for (const row of document.querySelectorAll("tr.pair, tr.row")) {
    row.hidden = !row.textContent.toLowerCase().includes(words);
    if (row.hidden && row.classList.contains("pair")) row.nextElementSibling.hidden = true; } };
"""


def marked(text, start, marks):
    """The text as HTML, with marks (start, end, class) that do not overlap; one that does is left out."""
    out, at = [], 0
    for a, b, kind in sorted(marks):
        a, b = a - start, b - start
        if at <= a < b <= len(text):
            out.append(f'{escape(text[at:a])}<mark class="{kind}">{escape(text[a:b])}</mark>')
            at = b
    return "".join(out) + escape(text[at:])


def _name(name, code):
    return escape(name) + (f' <span class="code">{escape(code)}</span>' if code else "")


def _evidence(item):
    text, start = item["sentence"]
    said = "".join(f' <span class="note">{word}</span>' for word in ("negated", "hedged") if item[word])
    return (f'<p>{marked(text, start, [(*item["first"], "first"), (*item["second"], "second")])} <span class="doc">'
            f'{escape(str(item["doc"]))}, {item["start"]}–{item["end"]}; {"+".join(item["heads"])} {item["probability"]:.2f}</span>{said}</p>')


def _pair(rank, key, pair, pool):
    evidence = "".join(_evidence(e) for _, _, e in sorted(pair.evidence, key=lambda e: e[:2], reverse=True))
    return (f'<tr class="pair"><td class="n"><button aria-expanded="false">{rank}</button></td><td>{_name(pair.names[0], pair.codes[0])}</td>'
            f'<td>{escape(key[1])}</td><td>{_name(pair.names[1], pair.codes[1])}</td><td class="n">{pair.score(pool):.3f}</td>'
            f'<td class="n">{pair.best:.3f}</td><td class="n">{pair.documents}</td><td class="n">{pair.sentences}</td>'
            f'<td class="note">{escape(pair.note())}</td></tr><tr class="more" hidden><td></td><td colspan="8">{evidence}</td></tr>\n')


def _mechanism(doc, row, sentence, start):
    said = ", ".join(word for word in ("negated", "hedged") if row[word])
    return (f'<tr class="row"><td>{escape(row["trigger"])}</td><td>{escape(row["step"])}</td><td>{escape(row["pathway"])}</td>'
            f'<td>{escape(row["direction"])}</td><td>{escape(row["outcome"])}</td><td class="note">{said}</td>'
            f'<td>{marked(sentence, start, row["marks"])} <span class="doc">{escape(str(doc))}, {row["start"]}–{row["end"]}</span></td></tr>\n')


def page(ranked, pairs, rows, mechanisms, documents, pool):
    """The whole page: `ranked` pairs and `rows` of mechanisms that are shown, and of how many each."""
    body = "".join(_pair(rank, key, pair, pool) for rank, (key, pair) in enumerate(ranked, 1))
    other = "".join(_mechanism(*row) for row in rows)
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Pairs and mechanisms</title>
<style>{STYLE}</style>
<h1>Pairs and mechanisms</h1>
<p>{documents} documents. Not for direct patient care: all of this was found by a program, and some of it is wrong.</p>
<p><input type="search" placeholder="Show rows with …" aria-label="Show rows with"></p>
<h2>Pairs</h2>
<p>The first {len(ranked)} of {pairs}, by score ({escape(pool)} over documents). Click a row for its sentences.</p>
<table><thead><tr><th></th><th>first</th><th></th><th>second</th><th>score</th><th>best</th><th>documents</th><th>sentences</th><th></th></tr></thead>
<tbody>{body}</tbody></table>
<h2>Mechanisms</h2>
<p>The first {len(rows)} of {mechanisms}, in the order of the documents.</p>
<table><thead><tr><th>trigger</th><th></th><th>pathway</th><th></th><th>outcome</th><th></th><th>sentence</th></tr></thead>
<tbody>{other}</tbody></table>
<script>{SCRIPT}</script></html>
"""
