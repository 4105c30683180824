"""A ledger of every earlier form is brought to the present one with nothing lost, and answers as it did.

tests/samples/ledgers/NNNN.tar.gz was made by the Purport that knew forms up to NNNN: two reports of the demo, a
statement and an empty file read; later ones also took in a picture, verified, watched a feed, told an alert, joined
stories, and at last judged a claim, began a brief and marked a report. `claims.jsonl` is what that Purport answered.
"""

import json
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from purport.app.proving import Check, hold
from purport.cli import main
from purport.edges.sqlite import open_sqlite
from purport.ledger import View
from purport.ledger.briefs import Briefs
from purport.ledger.joins import Joins
from purport.ledger.marks import Marks
from purport.ledger.migrate import migrations
from purport.ledger.outbox import Outbox
from purport.ledger.reviews import Reviews
from purport.wiring import Config, open_vault

SAMPLES = Path(__file__).parent.parent / "samples" / "ledgers"
OF = {int(path.name[:4]): path for path in sorted(SAMPLES.glob("*.tar.gz"))}


@pytest.fixture(params=list(OF))
def form(request: pytest.FixtureRequest, tmp_path: Path) -> int:
    number: int = request.param
    with tarfile.open(OF[number]) as sample:
        sample.extractall(tmp_path, filter="data")
    return number


def test_there_is_a_sample_of_each_form_that_went_out_and_of_the_present_one():
    """A new migration brings a sample of its form along. Those between came all at once with the one after them."""
    assert set(migrations("sqlite")) - set(OF) == {8, 9, 10, 11}


def test_it_is_upgraded_verified_and_answers_as_it_did(form: int, tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'purport.db'}"
    found = hold(open_vault(Config(ledger=url, who="ona@desk")), Check(), lambda share: None)
    assert found.entries >= 1  # a ledger that had no custody log was adopted into one
    assert found.files == (3 if form == 1 else 5)
    assert found.exchanges == (4 if form >= 5 else 0)

    told = [json.loads(line) for line in (tmp_path / "claims.jsonl").read_text().splitlines()]
    shown = CliRunner().invoke(main, ["claims", "--json", "--ledger", url], catch_exceptions=False)
    now = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [{name: new[name] for name in old} for old, new in zip(told, now, strict=True)] == told

    engine = open_sqlite(url)
    view = View(engine)
    assert len(list(view.gaps())) == 1
    assert len(list(view.releases())) == (form >= 2)
    assert [one.last.source for one in view.standings()] == ["Sarn Radio"] * (form >= 4)
    assert len(list(Outbox(engine).told("", 10))) == (form >= 5)
    assert len(list(Joins(engine).judgements())) == (form >= 6)
    assert len(list(Reviews(engine).reviews())) == (form >= 12)
    assert len(list(Briefs(engine).standing())) == (form >= 12)
    assert len(list(Marks(engine).marks())) == (form >= 12)
    engine.dispose()


def test_what_was_upgraded_takes_in_what_is_new(form: int, tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'purport.db'}"
    (tmp_path / "new.txt").write_text("The mayor of Ostrel said that the ferry had left the harbour at noon.")
    done = CliRunner().invoke(main, ["read", str(tmp_path / "new.txt"), "--ledger", url], catch_exceptions=False)
    assert "1 report" in done.output
    hold(open_vault(Config(ledger=url)), Check(), lambda share: None)
