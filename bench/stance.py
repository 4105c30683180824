"""Which stand does a headline take towards a claim? Emergent, split by claim. Prints Markdown.

    scripts/bench stance [--data DIR] [--errors]

2,595 headlines towards 300 claims: for, against, observing (Ferreira and Vlachos 2016). Claims are drawn into two
halves by the SHA-256 of their ids, even ones to `dev`: there the words of `trace/stance_words.toml` were chosen; the
other half is what is reported. No claim is in both. `--errors` shows what is read wrongly in dev. FNC-1 is built from
Emergent and is not used. Lexicon alone: each group of words counts wherever it stands, without rules.
"""

import argparse
import csv
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from purport.trace.stance_words import AGAINST, FOR, OBSERVING, stand, table

LABELS = (FOR, AGAINST, OBSERVING)


class Row(NamedTuple):
    claim: str
    headline: str
    label: str


def halves(folder: Path) -> tuple[list[Row], list[Row]]:
    """The headlines of the dev claims and of the others."""
    found: tuple[list[Row], list[Row]] = ([], [])
    with (folder / "stance" / "emergent.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            half = int(hashlib.sha256(row["claimId"].encode()).hexdigest(), 16) % 2
            found[half].append(Row(row["claimHeadline"], row["articleHeadline"], row["articleHeadlineStance"]))
    return found


def f1s(rows: Sequence[Row], read: Callable[[Row], str]) -> dict[str, float]:
    pairs = Counter((row.label, read(row)) for row in rows)
    found = {}
    for label in LABELS:
        told = sum(count for (_, said), count in pairs.items() if said == label)
        there = sum(count for (gold, _), count in pairs.items() if gold == label)
        found[label] = 2 * pairs[label, label] / (told + there) if told + there else 0.0
    return found


def macro(rows: Sequence[Row], read: Callable[[Row], str]) -> float:
    return sum(f1s(rows, read).values()) / len(LABELS)


def lexicon_alone(row: Row) -> str:
    said = row.headline.replace("’", "'")
    for value, groups in table().items():
        if any(pattern.search(said) for pattern in groups.values()):
            return value
    return FOR


def purport(row: Row) -> str:
    return stand(row.claim, row.headline).value


def always_for(row: Row) -> str:
    return FOR


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("PURPORT_DATA", "data")))
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    dev, rest = halves(options.data)
    if options.errors:
        for row in dev:
            if (found := stand(row.claim, row.headline)).value != row.label:
                print(f"{row.label}\t{found.value} ({found.group}: {found.words})\t{row.claim}\t{row.headline}")
        return
    print("| Emergent, F1 | for | against | observing | macro, reported half | macro, dev |\n|---|---|---|---|---|---|")
    for name, read in (("always for", always_for), ("lexicon alone", lexicon_alone), ("purport", purport)):
        row = f1s(rest, read)
        shown = " | ".join(f"{row[label]:.3f}" for label in LABELS)
        print(f"| {name} | {shown} | **{macro(rest, read):.3f}** | {macro(dev, read):.3f} |")
    print(f"\n{len(rest)} headlines in the reported half, {len(dev)} in dev.")


if __name__ == "__main__":
    main()
