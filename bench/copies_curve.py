"""The cost of one more report as a picture: milliseconds over the number of reports, both by powers of ten."""

import math
from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 320, 56, 24, 150, 44
MUST = 50.0  # milliseconds


class Row(NamedTuple):
    reports: int
    median: float  # milliseconds
    most: float


def drawn(rows: Sequence[Row]) -> str:
    low, high = math.log10(rows[0].reports), math.log10(max(rows[-1].reports, 10 * rows[0].reports))

    def x(reports: float) -> float:
        return LEFT + (math.log10(reports) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(spent: float) -> float:
        return HEIGHT - BOTTOM - math.log10(spent) / 2 * (HEIGHT - TOP - BOTTOM)

    def line(label: str, values: Sequence[float], style: str) -> str:
        points = " ".join(f"{x(row.reports):.0f},{y(value):.0f}" for row, value in zip(rows, values, strict=True))
        end = f'<text x="{x(rows[-1].reports) + 10:.0f}" y="{y(values[-1]) + 4:.0f}">{label}</text>'
        return f'<polyline points="{points}" fill="none" stroke="#222" {style}/>{end}'

    marks = [f'<text x="{LEFT - 10}" y="{y(at) + 4:.0f}" text-anchor="end">{at}</text>' for at in (1, 10, 100)]
    marks += [
        f'<text x="{x(row.reports):.0f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{row.reports:,}</text>'
        for row in rows
    ]
    told = ", ".join(f"{row.median:.1f} at {row.reports:,}" for row in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" '
        f'font-size="13" fill="#222"><title>Milliseconds that one more report costs: {told} reports</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" stroke="#888"/>',
        line("must stay below", [MUST] * len(rows), 'stroke-dasharray="2 4"'),
        line("the slowest", [row.most for row in rows], 'stroke-dasharray="6 4"'),
        line("the median", [row.median for row in rows], 'stroke-width="2"'),
        *marks,
        f'<text x="{LEFT}" y="{TOP - 8}">milliseconds</text>',
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">reports before it</text></svg>',
    ]
    return "\n".join(parts) + "\n"
