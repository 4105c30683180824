"""Reading stored reports again: both readings stay, what changed is shown, and what is known is not read."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from house_samples import NOW, PlainReader, house, read

from purport import app
from purport.cli import main
from purport.core.errors import NotFoundError
from purport.core.explanation import Believed, Links
from purport.core.records import Claim, Mention, Query, Reading, Report, gap

ONE = "The clerk said that the bridge stands. The town is fond of it, and people come to see it.\n"
TWO = "The mayor denied that the bridge had fallen. Nobody has seen it fall, and it is still there.\n"


class Bolder(PlainReader):
    """Finds denials only, and puts them as endorsed."""

    def _reading(self, report: Report) -> Reading:
        found = super()._reading(report)
        kept = (msgspec.structs.replace(claim, stance="endorsed") for claim in found.claims if claim.act == "deny")
        return msgspec.structs.replace(found, claims=tuple(kept))


class Silent(PlainReader):
    """A reader whose endpoint does not answer."""

    def read(self, reports: Any) -> Any:
        told = [gap("read", one.id, "fetch", "It did not answer; is it running?", NOW) for one in reports]
        return [(Reading("", one.id, self.version, ()), [why]) for one, why in zip(reports, told, strict=True)]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    for name, text in (("a", ONE), ("b", TWO)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    read(house(tmp_path), tmp_path / "a.txt", tmp_path / "b.txt")
    return tmp_path


def test_a_new_version_reads_again_and_both_readings_are_kept(ledger: Path) -> None:
    at = house(ledger, Bolder("bolder/2"))
    one, two = app.reread(at)
    assert [len(one.changes.gone), len(one.changes.added), one.changes.same] == [1, 0, 0]
    (changed,) = two.changes.changed
    assert [(f.field, f.old, f.new) for f in changed.fields] == [("stance", "plain", "endorsed")]
    for again in (one, two):
        assert [r.reader for r in at.view.readings(again.report.id)] == ["bolder/2", "plain/1"]
    assert [claim.stance for claim, _ in at.view.claims()] == ["endorsed"]  # listings use the latest
    assert at.view.counts()["readings"] == 4


def test_what_this_reader_has_read_is_not_read_again(ledger: Path) -> None:
    reader = PlainReader()
    at = house(ledger, reader)
    found = list(app.reread(at))
    assert [len(again.before) for again in found] == [1, 1]
    assert not any(again.after or again.changes or again.gaps for again in found)
    assert [texts for texts in reader.asked if texts] == []
    assert at.view.counts()["readings"] == 2


def test_the_second_time_there_is_nothing_to_do(ledger: Path) -> None:
    at = house(ledger, Bolder("bolder/2"))
    assert all(again.after for again in app.reread(at))
    counts = at.view.counts()
    assert not any(again.after for again in app.reread(at))
    assert at.view.counts() == counts


def test_only_the_reports_named_are_read(ledger: Path) -> None:
    at = house(ledger, Bolder("bolder/2"))
    _, second = at.view.reports()
    found = list(app.reread(at, [second.id, second.id[:14]]))
    assert [again.report.id for again in found] == [second.id]
    assert at.view.counts()["readings"] == 3


def test_an_unknown_report_is_said_before_anything_is_read(ledger: Path) -> None:
    reader = Bolder("bolder/2")
    at = house(ledger, reader)
    first, _ = at.view.reports()
    with pytest.raises(NotFoundError):
        list(app.reread(at, [first.id, "report-0000"]))
    assert reader.asked == []


def test_a_report_that_got_no_answer_keeps_its_reading_and_is_asked_about_again(ledger: Path) -> None:
    at = house(ledger, Silent("silent/1"))
    found = list(app.reread(at))
    assert not any(again.after or again.changes for again in found)
    assert [one.cause for again in found for one in again.gaps] == ["fetch", "fetch"]
    assert at.view.counts()["readings"] == 2
    assert [claim.act for claim, _ in at.view.claims()] == ["say", "deny"]
    answered = list(app.reread(house(ledger, PlainReader("silent/1"))))
    assert all(again.after for again in answered)


def test_reading_for_the_first_time_without_an_answer_keeps_the_report_unread(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ONE, encoding="utf-8")
    at = house(tmp_path, Silent("silent/1"))
    (outcome,) = read(at, tmp_path / "a.txt")
    assert (outcome.readings, [one.cause for one in outcome.gaps]) == ((), ["fetch"])
    assert at.view.counts() == {"captures": 1, "reports": 1, "readings": 0, "claims": 0, "gaps": 1, "releases": 0}
    (again,) = app.reread(house(tmp_path))
    assert (again.before, len(again.changes.added)) == ((), 1)


def test_a_ledger_of_several_batches_is_read_as_it_is_written(tmp_path: Path) -> None:
    """The list of reports is streamed from the ledger while new readings go into it."""
    for n in range(6):
        text = f"{ONE}{TWO}Number {n}.\n" + "It rained on the quay, and nothing else is known of that day.\n" * 1_700
        (tmp_path / f"{n}.txt").write_text(text, encoding="utf-8")
    read(house(tmp_path), *sorted(tmp_path.glob("*.txt")))
    reader = Bolder("bolder/2")
    found = list(app.reread(house(tmp_path, reader)))
    assert [len(again.changes.gone) for again in found] == [1] * 6
    assert len(reader.asked) > 1


def run(folder: Path, reader: PlainReader, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr("purport.cli.options.open_house", lambda config: house(folder, reader))
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_the_command_shows_what_changed_and_sums(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(ledger, Bolder("bolder/2"), "reread", monkeypatch=monkeypatch)
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert "− The clerk said that the bridge stands" in shown
    assert "~ The mayor denied that the bridge had fallen" in shown
    assert "stance: plain → endorsed" in shown
    assert "2 reports read again · + 0 added · − 1 gone · ~ 1 changed · 0 as before" in shown


def test_the_command_prints_json_lines(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(ledger, Bolder("bolder/2"), "reread", "--json", monkeypatch=monkeypatch)
    one, two = map(json.loads, result.stdout.splitlines())
    assert (one["before"], one["after"]) == ("plain/1", "bolder/2")
    assert one["counts"] == {"added": 0, "gone": 1, "changed": 0, "same": 0}
    assert one["gone"][0]["text"] == {"source": "The clerk", "cue": "said", "content": "that the bridge stands"}
    assert two["changed"][0]["fields"] == {"stance": {"old": "plain", "new": "endorsed"}}


@pytest.mark.parametrize("form", ["", "--json"])
def test_the_command_says_when_there_is_nothing_to_do(ledger: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    result = run(ledger, PlainReader(), "reread", *filter(None, [form]), monkeypatch=monkeypatch)
    assert result.exit_code == 0
    assert "Nothing to do: plain/1 has read all of it before." in (result.stderr if form else result.stdout)
    assert not (form and result.stdout)


def test_the_command_tells_what_got_no_answer(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(ledger, Silent("silent/1"), "reread", monkeypatch=monkeypatch)
    assert "is it running?" in result.stderr
    assert "Nothing to do" not in result.stdout


def test_a_claim_is_explained_by_the_reader_that_read_it(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    links = Links(0.9, 0.4, 0.8, (Believed(Mention("bridge", (24, 30)), 0.7),), 0.6, 0.35, ())

    class Telling(PlainReader):
        def links(self, report: Report, claim: Claim, outer: Any = ()) -> tuple[Links, ...]:
            assert not outer
            return (links,)

    at = house(ledger, Telling())
    claim, _ = next(at.view.claims(Query(act="say")))
    assert app.explain(at, claim.id).links == (links,)
    assert app.explain(at, claim.id[6:16]).reader == "plain/1"
    shown = run(ledger, Telling(), "explain", claim.id, monkeypatch=monkeypatch).stdout
    assert "Cue: 0.90 for “said”" in shown
    told = json.loads(run(ledger, Telling(), "explain", claim.id, "--json", monkeypatch=monkeypatch).stdout)
    assert (told["claim"], told["links"]["cue"]) == (claim.id, 0.9)


def test_no_numbers_are_told_of_another_reader_s_claim_or_by_one_that_has_none(ledger: Path) -> None:
    claim, report = next(house(ledger).view.claims())
    other = app.explain(house(ledger, PlainReader("plain/2")), claim.id)
    assert other.reader == "plain/1"
    assert other.links == ()
    assert "plain/2" in other.withheld
    assert f"purport reread {report.id}" in other.withheld
    assert app.explain(house(ledger), claim.id).withheld == "Not told: this reader gives no numbers."


def test_an_older_reading_s_claim_can_still_be_explained(ledger: Path) -> None:
    old, _ = next(house(ledger).view.claims())
    at = house(ledger, Bolder("bolder/2"))
    list(app.reread(at))
    assert app.explain(at, old.id).reader == "plain/1"


def test_an_unknown_claim_is_not_found(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(ledger, PlainReader(), "explain", "claim-00000000", monkeypatch=monkeypatch)
    assert result.exit_code == NotFoundError.code
