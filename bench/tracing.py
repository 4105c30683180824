"""What tracing a story costs in a ledger of some thousand reports: the first time, again, and when some more came.

    python bench/tracing.py --reports 5000

Invented reports (`bench/big_ledger.py`) of eight claims each, in a house as the command line opens it. Each row is a
process of its own, as `purport trace` is; the seconds are by the clock, the house's opening included.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from big_ledger import News, fill
from purport import app, wiring
from purport.core.ids import make_id
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book

MORE = 10
CLAIMS = 8


def once(ledger: str, wanted: list[str]) -> None:
    """Trace, in this process; print what it took and what was found."""
    before = time.perf_counter()
    house = wiring.open_house(wiring.Config(ledger=ledger))
    found = list(app.traced(house, wanted))
    told = [len(one.copies) for one in found], sum(len(one.account.reports) for one in found)
    print(json.dumps([time.perf_counter() - before, len(found), told[1], sum(told[0])]))


def asked(ledger: str, *wanted: str) -> list[float]:
    done = subprocess.run(
        [sys.executable, __file__, "--once", ledger, *wanted], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=5000)
    parser.add_argument("--once", nargs="+", metavar="LEDGER [ID]", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        once(options.once[0], options.once[1:])
        return
    with tempfile.TemporaryDirectory() as folder:
        ledger = f"sqlite:///{Path(folder) / 'bench.db'}"
        book, news = Book(open_sqlite(ledger)), News(CLAIMS, reports=options.reports + MORE)
        for _ in fill(book, news, options.reports):
            pass
        latest = make_id("report", options.reports - 1)
        print(f"{'':44}{'seconds':>9}{'reports':>9}{'copies':>8}")
        for name, wanted in (("the latest report's story, first", [latest]), ("the same again", [latest])):
            spent, _, reports, copies = asked(ledger, *wanted)
            print(f"{name:44}{spent:9.2f}{reports:9}{copies:8}", flush=True)
        for _ in fill(book, news, MORE, options.reports):
            pass
        spent, _, reports, copies = asked(ledger, make_id("report", options.reports))
        print(f"{f'a new one of {MORE} that came since':44}{spent:9.2f}{reports:9}{copies:8}", flush=True)
        spent, stories, reports, copies = asked(ledger)
        print(f"{f'all {stories} stories':44}{spent:9.2f}{reports:9}{copies:8}")


if __name__ == "__main__":
    main()
