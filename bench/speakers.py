"""How often the speaker behind a source is found: `python bench/speakers.py [--errors]`.

Gold: `tests/golden/speakers.toml`, own texts written before the code. *Right* is the fullest mention to
the word (articles in front apart), *who* the right party by any of its words. Abstentions are counted apart:
where the text says who is meant they count against `right`, where it doesn't they are what is right.
"""

import argparse
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from purport.core.records import Speaker
from purport.core.spans import Span, overlaps
from purport.read.lexicon.nouns import Metonym, bare, read_metonyms
from purport.read.speakers import Resolver

GOLD = Path(__file__).parents[1] / "tests" / "golden" / "speakers.toml"


@dataclass(frozen=True)
class Case:
    kind: str
    text: str
    source: Span
    expected: Span  # (0, 0): abstain


def parse(marked: str) -> tuple[str, Span, Span]:
    """A text without its marks, the span of `[[source]]` and of `{{expected}}`, (0, 0) without one."""
    text, spans, i = "", {"[": [0, 0], "{": [0, 0]}, 0
    closing = {"]": "[", "}": "{"}
    while i < len(marked):
        pair = marked[i : i + 2]
        if pair in ("[[", "{{"):
            spans[pair[0]][0] = len(text)
            i += 2
        elif pair in ("]]", "}}"):
            spans[closing[pair[0]]][1] = len(text)
            i += 2
        else:
            text += marked[i]
            i += 1
    return text, (spans["["][0], spans["["][1]), (spans["{"][0], spans["{"][1])


def cases(path: Path = GOLD) -> tuple[list[Case], dict[str, Metonym]]:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    found = [Case(item["type"], *parse(item["text"])) for item in raw["case"]]
    return found, read_metonyms(raw.get("metonyms", []), path.name)


def judge(case: Case, speakers: tuple[Speaker, ...]) -> str:
    """right | who (the right party, not its fullest mention) | wrong | abstained | rightly abstained | invented"""
    if case.expected == (0, 0):
        return "invented" if speakers else "rightly abstained"
    if not speakers:
        return "abstained"
    (found,) = speakers
    wanted = case.text[slice(*case.expected)]
    if bare(found.text) == bare(wanted):
        return "right"
    inside = overlaps(found.span, case.expected) and (found.text in wanted or wanted in found.text)
    return "who" if inside else "wrong"


def score(path: Path = GOLD) -> tuple[dict[str, dict[str, int]], list[tuple[str, Case, tuple[Speaker, ...]]]]:
    """Verdict counts by type of source, and every case that isn't right."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    missed = []
    found, metonyms = cases(path)
    for case in found:
        speakers = Resolver(case.text, metonyms=metonyms).resolve((case.source,))
        verdict = judge(case, speakers)
        counts[case.kind][verdict] += 1
        if "right" not in verdict:
            missed.append((verdict, case, speakers))
    return counts, missed


def rates(counts: dict[str, dict[str, int]]) -> dict[str, float]:
    """Shares over all types: right and who of the sources whose text says who; rightly abstained of the rest."""
    total = {
        v: sum(c.get(v, 0) for c in counts.values())
        for v in ("right", "who", "wrong", "abstained", "rightly abstained", "invented")
    }
    said = total["right"] + total["who"] + total["wrong"] + total["abstained"]
    unsaid = total["rightly abstained"] + total["invented"]
    answered = said - total["abstained"]
    return {
        "right": total["right"] / said,
        "who": (total["right"] + total["who"]) / said,
        "right of answered": total["right"] / answered,
        "abstained": total["abstained"] / said,
        "rightly abstained": total["rightly abstained"] / unsaid if unsaid else 1.0,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=GOLD, help="another file of the same form")
    parser.add_argument("--errors", action="store_true", help="print every case that isn't right")
    options = parser.parse_args()
    counts, missed = score(options.gold)
    names = ("right", "who", "wrong", "abstained", "rightly abstained", "invented")
    print(f"{'type':12}" + "".join(f"{name:>19}" for name in names))
    for kind, row in counts.items():
        print(f"{kind:12}" + "".join(f"{row.get(name, 0):19}" for name in names))
    print()
    for name, value in rates(counts).items():
        print(f"{name:20}{value:.3f}")
    if options.errors:
        for verdict, case, speakers in missed:
            said = case.text[slice(*case.source)]
            wanted = case.text[slice(*case.expected)] or "(abstain)"
            print(f"\n{verdict}: [{said}] wanted {wanted!r}, found {[s.text for s in speakers]}\n  {case.text}")


if __name__ == "__main__":
    main()
