"""Draws the table of learning-curve.sh as SVG."""

import csv
import math
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 680, 350, 56, 150, 34, 48
NAMES = {
    "lstm-crf": (["default head:", "LSTM and CRF"], "#0b6e99"),
    "linear": (["linear head", "on the last layer"], "#9a6b00"),
}

with open(sys.argv[1]) as file:
    rows = [(int(row["sentences"]), row["head"], float(row["f1"])) for row in csv.DictReader(file)]
sizes = sorted({size for size, _, _ in rows})


def x(size):
    low, high = math.log(sizes[0]), math.log(sizes[-1])
    return LEFT + (math.log(size) - low) / (high - low) * (WIDTH - LEFT - RIGHT)


def y(f1):
    return TOP + (100 - f1) / 100 * (HEIGHT - TOP - BOTTOM)


out = [
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
    "<title>F1 on adverse effects by sentences to learn from</title>",
    f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
]
for f1 in range(0, 101, 20):
    out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(f1):.1f}" y2="{y(f1):.1f}" stroke="#dddddd"/>')
    out.append(f'<text x="{LEFT - 8}" y="{y(f1) + 4:.1f}" text-anchor="end" fill="#333333">{f1}</text>')
for size in sizes:
    out.append(f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="#333333">{size:,}</text>')
middle = (LEFT + WIDTH - RIGHT) / 2
out.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle" fill="#333333">sentences to learn from</text>')
out.append(f'<text x="{LEFT - 8}" y="16" text-anchor="end" fill="#333333">F1</text>')
for head, (lines, colour) in NAMES.items():
    points = [(x(size), y(f1), f1) for size, kind, f1 in rows if kind == head]
    line = " ".join(f"{px:.1f},{py:.1f}" for px, py, _ in points)
    out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
    for px, py, f1 in points:
        out.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5" fill="{colour}"/>')
        above = py - 9 if head == "lstm-crf" else py + 19
        out.append(f'<text x="{px:.1f}" y="{above:.1f}" text-anchor="middle" fill="{colour}">{f1:.0f}</text>')
    px, py, _ = points[-1]
    for number, text in enumerate(lines):
        out.append(f'<text x="{px + 14:.1f}" y="{py + 4 + 16 * number:.1f}" fill="{colour}">{text}</text>')
out.append("</svg>")
print("\n".join(out))
