"""How long searches take in a ledger that is there, by kinds: what the desk asks for a page of fifty claims.

    python bench/search.py --ledger sqlite:///big.db
    python bench/search.py --ledger postgresql+psycopg:///big

Words and phrases are drawn from the ledger's own claims, so that they are as rare and as common as its news has them;
each search is another one. Milliseconds are by the clock, the database's work and the opening of the claims included.
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta

from purport.core.records import Claim, Query, Report
from purport.core.spans import words
from purport.edges.ledgers import open_ledger
from purport.ledger import View

AT_ONCE = 51  # claims: a page of the desk, and whether there is more


def drawn(view: View, dice: random.Random) -> Iterator[tuple[Claim, Report]]:
    """Claims by chance, without end."""
    last = view.sizes()["reports"]
    while True:
        for _, report, _ in view.latest_reports(1, dice.randrange(2, last + 1)):
            if found := view.claims_of([report.id]).get(report.id):
                yield dice.choice(found), report


def queries(view: View, dice: random.Random, count: int) -> Iterator[tuple[str, Query]]:
    chosen = drawn(view, dice)
    for _ in range(count):
        claim, report = next(chosen)
        said = words(report.text, claim.content).split()
        one, two = dice.sample(said, 2)
        at = dice.randrange(max(1, len(said) - 3))
        cue = words(report.text, claim.cue)
        day = report.published[0].start
        yield "a word of a content", Query(words=one)
        yield "two words of one", Query(words=f"{one} {two}")
        yield "a phrase of three", Query(words=f'"{" ".join(said[at : at + 3])}"')
        yield "who spoke", Query(words=" ".join(one.text for one in claim.speaker) or one)
        yield "a word, an act", Query(words=one, act="deny")
        yield "a word, an outlet", Query(words=one, outlet=report.outlet)
        yield "a word, a month", Query(words=one, since=(day,), until=(day + timedelta(days=30),))
        yield "a word of telling, a stance", Query(words=cue, stance="distanced")
        yield "no word: act, stance", Query(act="deny", stance="distanced")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", required=True, help="the URL of one that is there")
    parser.add_argument("--searches", type=int, default=20, help="of each kind (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (default: 1)")
    asked = parser.parse_args()
    engine = open_ledger(asked.ledger)
    view, dice = View(engine), random.Random(asked.seed)
    print(f"{engine.dialect.name}, {view.sizes()['claims']:,} claims")
    wanted = list(queries(view, dice, asked.searches))
    times: dict[str, list[float]] = {}
    for kind, query in wanted:
        before = time.perf_counter()
        _ = view.best_claims(query, AT_ONCE) if query.words else view.latest_claims(query, AT_ONCE)
        times.setdefault(kind, []).append(1000 * (time.perf_counter() - before))
    print(f"{'':30}{'median ms':>10}{'p90':>8}{'most':>8}")
    for kind, taken in [*times.items(), ("all", [one for some in times.values() for one in some])]:
        taken.sort()
        row = f"{kind:30}{statistics.median(taken):10.1f}{taken[len(taken) * 9 // 10]:8.1f}{taken[-1]:8.1f}"
        print(f"{row}  ({len(taken)})")
    engine.dispose()


if __name__ == "__main__":
    main()
