namespace Trials
{
    /// <summary>How the page looks, in light, in the dark, on paper and on a telephone: the same lines as in
    /// ../mining/page.css.</summary>
    internal static class Style
    {
        internal const string Css = @":root {
  color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  --ink: #1d2733; --faint: #5b6b7b; --paper: #fff; --tint: #f4f6f8; --line: #dde3ea; --link: #1f5fbf;
  --bad: #b32525; --open: #8a5a00; --good: #1f7a3f; --one: #dbe8fd; --two: #fde3d8; --three: #e9defb; --verb: #dcf3e2;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ink: #e4e9ee; --faint: #9aa8b5; --paper: #1b2229; --tint: #232c35; --line: #37424d; --link: #8ab4f8;
    --bad: #ff8a80; --open: #e3b04b; --good: #5cc983; --one: #1f3563; --two: #5a2f1c; --three: #3d2352; --verb: #17402a;
  }
}
body { max-width: 80rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.2rem; margin: 2.5rem 0 .3rem } h3 { font-size: 1rem; margin: 1.5rem 0 .3rem } h2, h3 { scroll-margin-top: 4rem }
p { margin: .3rem 0 } small, summary, details, .lead { font-size: .85rem; color: var(--faint) } a { color: var(--link) } td a, th a { text-decoration: none }
form { background: var(--paper); padding: .7rem 0; display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: center; font-size: .9rem }
input, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .25rem; padding: .15rem .4rem; max-width: 12rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem } th { text-align: left; color: var(--faint); font-weight: 600; font-size: .85rem }
td, th { padding: .4rem .8rem .4rem 0; vertical-align: top; border-top: 1px solid var(--line); overflow-wrap: normal } thead th { border: 0 }
.n { text-align: right; font-variant-numeric: tabular-nums } .said { min-width: 16rem; overflow-wrap: anywhere } .from { min-width: 7rem; max-width: 12rem; overflow-wrap: anywhere }
button { all: unset; cursor: pointer; color: var(--link) } button:focus-visible { outline: 2px solid } th[aria-sort=ascending] button::after { content: ' ▲' } th[aria-sort=descending] button::after { content: ' ▼' }
.tag { border: 1px solid; border-radius: .3rem; padding: 0 .4rem; font-size: .8rem; font-weight: 600; white-space: nowrap; color: var(--faint) }
.bad { color: var(--bad) } .open { color: var(--open) } .good { color: var(--good) } .info { color: var(--link) } [hidden] { display: none !important }
mark { color: var(--ink); background: var(--one); border-radius: .2rem; padding: .05rem .15rem; border-bottom: 2px solid var(--link); -webkit-box-decoration-break: clone; box-decoration-break: clone }
mark.two { background: var(--two); border-bottom-style: double; border-bottom-width: 3px } mark.three { background: var(--three) } mark.verb { background: var(--verb); border-bottom-style: dotted }
@media screen and (min-width: 48rem) { form { position: sticky; top: 0; border-bottom: 1px solid var(--line) } }
@media screen and (max-width: 48rem) {
  thead { display: none } table, tbody, tr { display: block } tr { border-top: 1px solid var(--line); padding: .6rem 0 }
  td, th { display: inline-block; border: 0; padding: 0 .6rem .2rem 0; overflow-wrap: anywhere } td.said { display: block } .said, .from { min-width: 0; max-width: none } td:empty { display: none }
  td[data-name]::before { content: attr(data-name) ' '; color: var(--faint); font-size: .8rem }
}
@media print { :root { font-size: 11px } form, button::after { display: none } body { margin: 0; max-width: none } tr, h2, h3 { break-inside: avoid } h2, h3 { break-after: avoid } * { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
";
    }
}
