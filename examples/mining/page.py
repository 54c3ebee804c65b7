"""The page: a table of pairs, whose rows open their evidence, and one of mechanisms. Nothing is loaded from anywhere."""
from html import escape
from pathlib import Path

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Pairs and mechanisms</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<style>
"""
# A pair is a body of a table: its row, and the one that opens below.
SCRIPT = """<script>
const form = document.forms[0], items = [...document.querySelectorAll('.item')];
form.hidden = !items.length;
form.onsubmit = event => event.preventDefault();
(form.oninput = () => {
  const words = form.words.value.toLowerCase();
  for (const item of items) item.hidden = !(item.textContent.toLowerCase().includes(words)
    && (!item.dataset.kind || item.dataset.kind.includes(form.kind.value) && +item.dataset.score >= +form.score.value));
  for (const more of document.querySelectorAll('.more')) open(more, form.all.checked);
  form.querySelector('output').value = items.filter(item => !item.hidden).length + ' of ' + items.length + ' shown';
})();
function open(more, whether) {
  more.hidden = !whether;
  more.previousElementSibling.querySelector('button').setAttribute('aria-expanded', whether);
}
for (const more of document.querySelectorAll('.more')) more.previousElementSibling.onclick = () => open(more, more.hidden);
const compare = new Intl.Collator('en', {numeric: true}).compare;
for (const button of document.querySelectorAll('th button')) button.onclick = () => {
  const head = button.parentNode, table = head.closest('table'), down = head.ariaSort === 'ascending' ? -1 : 1;
  const text = item => item.rows[0].cells[head.cellIndex].textContent;
  for (const other of head.parentNode.cells) other.ariaSort = null;
  head.ariaSort = down < 0 ? 'descending' : 'ascending';
  table.append(...[...table.tBodies].sort((a, b) => down * compare(text(a), text(b))));
};
</script></html>
"""
NUMBERS = ("score", "best", "documents", "sentences")


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
    return escape(name) + (f" <small>{escape(code)}</small>" if code else "")


def _said(item):
    return "".join(f' <span class="tag open">{word}</span>' for word in ("negated", "hedged") if item[word])


def _evidence(item):
    text, start = item["sentence"]
    return (f'<p>{marked(text, start, [(*item["first"], "one"), (*item["second"], "two")])}{_said(item)} <small>'
            f'{escape(str(item["doc"]))}, {item["start"]}–{item["end"]}; {"+".join(item["heads"])} {item["probability"]:.2f}</small></p>')


def _pair(rank, key, pair, pool):
    evidence = "".join(_evidence(e) for _, _, e in sorted(pair.evidence, key=lambda e: e[:2], reverse=True))
    score = f"{pair.score(pool):.3f}"
    numbers = zip(NUMBERS, (score, f"{pair.best:.3f}", pair.documents, pair.sentences))
    cells = "".join(f'<td class="n" data-name="{name}">{number}</td>' for name, number in numbers)
    note = f'<span class="tag open">{escape(pair.note())}</span>' if pair.note() else ""
    return (f'<tbody class="item" data-kind="{escape(key[0])}" data-score="{score}"><tr class="pair"><td class="n"><button aria-expanded="false">{rank}</button></td>'
            f'<td>{_name(pair.names[0], pair.codes[0])}</td><td>{escape(key[1])}</td><td>{_name(pair.names[1], pair.codes[1])}</td>{cells}'
            f'<td>{note}</td></tr><tr class="more"><td></td><td colspan="8" class="said">{evidence}</td></tr></tbody>\n')


def _mechanism(doc, row, sentence, start):
    marks = [(a, b, {"T": "one", "P": "three", "O": "two"}.get(part, "verb")) for a, b, part in row["marks"]]
    cells = "".join(f"<td>{escape(row[name])}</td>" for name in ("trigger", "step", "pathway", "direction", "outcome"))
    return (f'<tbody class="item"><tr>{cells}<td class="said">{marked(sentence, start, marks)}{_said(row)} '
            f'<small>{escape(str(doc))}, {row["start"]}–{row["end"]}</small></td></tr></tbody>\n')


def _columns(names):
    return "".join(f'<th{" class=n" if name in NUMBERS else ""}><button type="button">{name}</button></th>' if name else "<th></th>" for name in names)


def page(ranked, pairs, rows, mechanisms, documents, pool):
    """The whole page: `ranked` pairs and `rows` of mechanisms that are shown, and of how many each."""
    kinds = "".join(f"<option>{escape(kind)}" for kind in sorted({key[0] for key, _ in ranked}))
    body = "".join(_pair(rank, key, pair, pool) for rank, (key, pair) in enumerate(ranked, 1))
    other = "".join(_mechanism(*row) for row in rows)
    return f"""{HEAD}{STYLE}</style>
<h1>Pairs and mechanisms</h1>
<p class="lead">{documents} document{"s" * (documents != 1)}. Not for the care of patients: all of this was found by a program, and some of it is wrong. Read the sentences.</p>
<form hidden><label>kind <select name="kind"><option value="">all{kinds}</select></label>
<label>score from <input type="number" name="score" min="0" max="1" step="0.05" value="0"></label>
<label>words <input type="search" name="words"></label>
<label><input type="checkbox" name="all"> all sentences</label> <output></output></form>
<h2>Pairs</h2>
<p class="lead">{_shown(len(ranked), pairs, f"by score ({escape(pool)} over documents)")} A click on a row opens its sentences.</p>
<table><thead><tr>{_columns(("rank", "first", "relation", "second", *NUMBERS, ""))}</tr></thead>
{body}</table>
<h2>Mechanisms</h2>
<p class="lead">{_shown(len(rows), mechanisms, "in the order of the documents")} Marked: <mark class="one">trigger</mark>,
<mark class="three">pathway</mark>, <mark class="two">outcome</mark>, and the <mark class="verb">words between</mark>.</p>
<table><thead><tr>{_columns(("trigger", "step", "pathway", "direction", "outcome", "sentence"))}</tr></thead>
{other}</table>
{SCRIPT}"""


def _shown(shown, all_of_them, order):
    if not all_of_them:
        return "None were found."
    return f"All {shown}, {order}." if shown == all_of_them else f"The first {shown} of {all_of_them}, {order}; the others are in the table."
