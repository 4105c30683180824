"""What a second worker brings, as a picture: reports a second over the number of reports, by one worker and by two.

scripts/bench workers 1000 10000 100000 --paragraphs 5 | tee table.md
scripts/bench workers_curve < table.md > docs/workers-curve.svg
"""

import math
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 320, 56, 36, 120, 44
STEP = 50  # reports a second between two marks
CALLED = {1: "one worker", 2: "two workers"}
ROW = re.compile(r"\| *([\d,]+) *\| *(\d+) *\| *[\d.,]+ *\| *([\d.,]+) *\| *([\d.]+) *\|")


class Row(NamedTuple):
    reports: int
    workers: int
    rate: float  # reports a second
    times: float  # of one worker's


def rows(lines: Iterable[str]) -> Iterator[Row]:
    """The rows of the table that `workers.py` prints; other lines are passed over."""
    for line in lines:
        if found := ROW.match(line):
            reports, workers, rate, times = (part.replace(",", "") for part in found.groups())
            yield Row(int(reports), int(workers), float(rate), float(times))


def drawn(found: Sequence[Row]) -> str:
    counts = sorted({row.reports for row in found})
    low, high = math.log10(counts[0]), math.log10(max(counts[-1], 10 * counts[0]))
    top = STEP * math.ceil(max(row.rate for row in found) / STEP)

    def x(reports: float) -> float:
        return LEFT + (math.log10(reports) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(rate: float) -> float:
        return HEIGHT - BOTTOM - rate / top * (HEIGHT - TOP - BOTTOM)

    def line(workers: int) -> str:
        mine = [row for row in found if row.workers == workers]
        points = " ".join(f"{x(row.reports):.0f},{y(row.rate):.0f}" for row in mine)
        dots = "".join(f'<circle cx="{x(row.reports):.0f}" cy="{y(row.rate):.0f}" r="3"/>' for row in mine)
        told = "".join(
            f'<text x="{max(x(row.reports), LEFT + 26):.0f}" y="{y(row.rate) - 10:.0f}" text-anchor="middle">'
            f"{row.times:.2f}×</text>"
            for row in mine
            if workers > 1
        )
        name = CALLED.get(workers, f"{workers} workers")
        end = f'<text x="{x(mine[-1].reports) + 24:.0f}" y="{y(mine[-1].rate) + 4:.0f}">{name}</text>'
        return f'<polyline points="{points}" fill="none" stroke="#222" stroke-width="{workers}"/>{dots}{told}{end}'

    marks = [
        f'<text x="{LEFT - 10}" y="{y(at) + 4:.0f}" text-anchor="end">{at}</text>' for at in range(0, top + 1, STEP)
    ]
    marks += [
        f'<text x="{x(count):.0f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{count:,}</text>' for count in counts
    ]
    said = ", ".join(f"{row.times:.2f} times at {row.reports:,}" for row in found if row.workers == 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" '
        f'font-size="13" fill="#222"><title>Reports a second that two workers read beside one: {said} reports</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" stroke="#888"/>',
        *(line(workers) for workers in sorted({row.workers for row in found})),
        *marks,
        f'<text x="{LEFT}" y="{TOP - 18}">reports read a second</text>',
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">reports to read</text></svg>',
    ]
    return "\n".join(parts) + "\n"


def main() -> None:
    found = list(rows(sys.stdin))
    if not found:
        sys.exit("Give it the table that scripts/bench workers prints, on standard input.")
    sys.stdout.write(drawn(found))


if __name__ == "__main__":
    main()
