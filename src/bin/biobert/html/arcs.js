const svg = (tag, attributes, parent) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return parent.appendChild(element);
};
function arcs() {
  for (const section of document.querySelectorAll('section[data-relations]')) {
    section.querySelector('svg')?.remove();
    const home = section.getBoundingClientRect();
    const canvas = svg('svg', { width: home.width, height: home.height }, section);
    const place = id => {
      const box = section.querySelector(`[data-entities~="${id}"]`).getClientRects()[0];
      return { x: box.left + box.width / 2 - home.left, y: box.top - home.top };
    };
    for (const [first, second, text] of JSON.parse(section.dataset.relations)) {
      const a = place(first), b = place(second);
      const rise = Math.min(a.y, b.y) - 12 - Math.min(8, Math.abs(a.x - b.x) / 60);
      svg('path', { d: `M${a.x} ${a.y} C${a.x} ${rise} ${b.x} ${rise} ${b.x} ${b.y}` }, canvas);
      svg('circle', { cx: b.x, cy: b.y, r: 2.5 }, canvas);
      const label = svg('text', { x: (a.x + b.x) / 2, y: (a.y + b.y) / 8 + rise * 0.75 - 2 }, canvas);
      label.textContent = text;
    }
  }
}
addEventListener('load', arcs); addEventListener('resize', arcs); addEventListener('beforeprint', arcs);
