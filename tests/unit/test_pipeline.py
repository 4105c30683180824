"""The path of the data: a bad item never stops the good ones, twice is once, and memory holds one batch."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from house_samples import NOW, PlainReader, blobs, house, read
from input_samples import SAMPLES, Pages

from purport import app, pipeline
from purport.collect.items import item
from purport.core.errors import InputError, ModelError, NotFoundError, RefusedAddressError
from purport.core.ids import digest
from purport.core.records import Gap, Item, Query, Report, gap

ONE = b"The clerk said that the bridge stands. It was built long ago, and the town is fond of it.\n"
TWO = b"The mayor denied that the bridge had fallen. Nobody has seen it fall, and it is still there.\n"


def steps(at: app.House) -> pipeline.Steps:
    return pipeline.Steps(at.clock, at.reader, at.blobs, at.writer, at.view)


def folder_of(path: Path, **files: bytes) -> Path:
    path.mkdir(exist_ok=True)
    for name, data in files.items():
        (path / f"{name}.txt").write_bytes(data)
    return path


def test_a_bad_item_does_not_stop_the_good_ones(tmp_path: Path) -> None:
    places = [folder_of(tmp_path / "in", a=ONE, b=b"\0\1\2binary\xff" * 50, c=b"", d=TWO), tmp_path / "missing"]
    outcomes = read(house(tmp_path), *places)
    assert [report.text.encode() for outcome in outcomes for report in outcome.reports] == [ONE, TWO]
    assert [one.cause for outcome in outcomes for one in outcome.gaps] == ["binary", "empty", "missing"]
    assert [len(reading.claims) for outcome in outcomes for reading in outcome.readings] == [1, 1]


def test_the_same_folder_twice_adds_nothing(tmp_path: Path) -> None:
    places = folder_of(tmp_path / "in", a=ONE, b=b"", c=TWO)
    at = house(tmp_path)
    first = read(at, places)
    counts, kept = at.view.counts(), blobs(tmp_path)
    assert counts == {"captures": 2, "reports": 2, "readings": 2, "claims": 2, "gaps": 1, "releases": 0}
    assert sum(outcome.added for outcome in first) == 9
    again = read(house(tmp_path), places)
    assert at.view.counts() == counts
    assert blobs(tmp_path) == kept
    assert sum(outcome.added for outcome in again) == 0
    assert [outcome.known for outcome in again] == [True, False, True]  # the gap is met again, not read again


def test_what_is_known_is_looked_up_and_the_reader_is_not_asked(tmp_path: Path) -> None:
    places = folder_of(tmp_path / "in", a=ONE, b=TWO)
    first = read(house(tmp_path), places)
    reader = PlainReader()
    again = read(house(tmp_path, reader), places)
    assert [outcome.readings for outcome in again] == [outcome.readings for outcome in first]
    assert reader.asked in ([], [[]])


def test_another_reader_reads_again_beside_the_first(tmp_path: Path) -> None:
    places = folder_of(tmp_path / "in", a=ONE)
    read(house(tmp_path), places)
    at = house(tmp_path, PlainReader("plain/2"))
    (outcome,) = read(at, places)
    assert not outcome.known
    assert [reading.reader for reading in at.view.readings(outcome.reports[0].id)] == ["plain/2", "plain/1"]
    assert len(list(app.claims(at, Query()))) == 1  # of the latest reading


def test_a_place_named_twice_is_read_once(tmp_path: Path) -> None:
    places = folder_of(tmp_path / "in", a=ONE)
    reader = PlainReader()
    outcomes = read(house(tmp_path, reader), places, places)
    assert [len(asked) for asked in reader.asked] == [1]
    assert [len(list(outcome.pairs())) for outcome in outcomes] == [1, 1]


def test_a_report_that_the_reader_fails_on_is_a_gap_and_the_others_are_read(tmp_path: Path) -> None:
    def spoil(report: Report) -> None:
        if "mayor" in report.text:
            raise RecursionError("too deep")

    places = folder_of(tmp_path / "in", a=ONE, b=TWO, c=ONE + b"Again.\n", d=TWO + b"Again.\n", e=ONE + b"And again.\n")
    at = house(tmp_path, PlainReader(spoil=spoil))
    outcomes = read(at, places)
    assert [len(list(outcome.pairs())) for outcome in outcomes] == [1, 0, 1, 0, 1]
    assert at.view.counts() == {"captures": 5, "reports": 5, "readings": 3, "claims": 3, "gaps": 2, "releases": 0}
    first = next(at.view.gaps())
    assert (first.stage, first.cause, first.subject) == ("read", "failed", outcomes[1].reports[0].id)
    assert "RecursionError" in first.detail
    mended = read(house(tmp_path), places)  # what was not read is tried again
    assert [outcome.known for outcome in mended] == [True, False, True, False, True]


def test_a_missing_model_stops_all(tmp_path: Path) -> None:
    def spoil(_: Report) -> None:
        raise ModelError("The reader's model is missing.")

    at = house(tmp_path, PlainReader(spoil=spoil))
    with pytest.raises(ModelError):
        read(at, folder_of(tmp_path / "in", a=ONE))
    assert set(at.view.counts().values()) == {0}


def test_ids_of_json_lines_come_through(tmp_path: Path) -> None:
    lines = [{"id": "left-7", "text": ONE.decode()}, {"text": TWO.decode()}, {"id": 12, "text": TWO.decode()}]
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\nno json\n", encoding="utf-8")
    outcomes = read(house(tmp_path), file)
    reports = [report for outcome in outcomes for report in outcome.reports]
    assert [report.text for report in reports] == [line["text"] for line in lines]
    assert [report.input_id for report in reports][::2] == ["left-7", "12"]
    assert len({report.id for report in reports}) == 3
    assert sum(len(outcome.gaps) for outcome in outcomes) == 1


def test_bytes_are_kept_of_what_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": "In a container."}) + "\n", encoding="utf-8")
    (tmp_path / "a.txt").write_bytes(ONE)
    page = ("https://dolva.example/1", "text/plain", b"The clerk said that this came from afar.")
    at = house(tmp_path, pages=Pages(**{"1": page}))
    stdin = b"The clerk said that this came by the pipe."
    places = [tmp_path / "in.jsonl", tmp_path / "a.txt", "https://dolva.example/1", "-", SAMPLES / "wrong-digest.warc"]
    outcomes = read(at, *places, stdin=stdin)
    assert blobs(tmp_path) == sorted([ONE, page[2], stdin])
    captures = {capture.kind: capture for outcome in outcomes for capture in outcome.captures}
    assert {kind for kind, capture in captures.items() if capture.stored} == {"file", "url", "stdin"}
    assert {kind for kind, capture in captures.items() if not capture.stored} >= {"jsonl"}
    for capture in captures.values():
        if capture.stored:
            assert digest(at.blobs.get(capture.digest)) == capture.digest


def test_a_refused_address_is_a_gap(tmp_path: Path) -> None:
    at = house(tmp_path, pages=Pages(**{"1": RefusedAddressError("leads to 10.0.0.1")}))
    (outcome,) = read(at, "http://inside.example/1")
    assert [one.cause for one in outcome.gaps] == ["refused-address"]
    with pytest.raises(InputError, match=r"10\.0\.0\.1"):
        app.brief(at, [outcome])
    with pytest.raises(InputError, match="Name a file"):
        app.brief(at, [])


def test_packed_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(ONE))
    (outcome,) = read(house(tmp_path), tmp_path / "a.txt.gz")
    assert outcome.reports[0].text.encode() == ONE


def test_items_are_taken_in_as_they_are_asked_for(tmp_path: Path) -> None:
    taken = 0

    def endless() -> Iterator[Item | Gap]:
        nonlocal taken
        while True:
            taken += 1
            yield gap("collect", f"place {taken}", "missing", "There is no such file.", NOW)

    outcomes = pipeline.run(endless(), steps(house(tmp_path)))
    assert taken == 0
    first = next(outcomes)
    assert first.gaps[0].subject == "place 1"
    assert taken <= pipeline.BATCH / 1_000


def test_memory_holds_one_batch_whatever_the_number(tmp_path: Path) -> None:
    text = b"The clerk said that the bridge stands, and the town is fond of it. " * 3_000  # 200 kB

    def many(number: int) -> Iterator[Item]:
        for n in range(number):
            yield item(b"%d %s" % (n, text), f"place {n}", "jsonl", NOW)

    class Nothing(PlainReader):
        def read(self, reports):  # type: ignore[no-untyped-def]
            return [(self._reading(Report(r.id, r.capture, "", "")), []) for r in reports]

    peaks = []
    for number in (8, 64):
        (tmp_path / str(number)).mkdir()
        at = house(tmp_path / str(number), Nothing())
        tracemalloc.start()
        for outcome in pipeline.run(many(number), steps(at)):
            assert outcome.reports
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] + 1_000_000, peaks


def test_show_finds_claims_and_reports_by_the_beginning_of_their_ids(tmp_path: Path) -> None:
    at = house(tmp_path)
    (outcome,) = read(at, folder_of(tmp_path / "in", a=ONE))
    ((report, reading),) = outcome.pairs()
    claim = reading.claims[0]
    for asked in (report.id, report.id[:12], report.id.partition("-")[2]):
        found = app.show(at, asked)
        assert isinstance(found, app.Evidence)
        assert (found.report, found.reading, found.capture) == (report, reading, outcome.captures[0])
    for asked in (claim.id, claim.id[:11], claim.id.partition("-")[2]):
        assert app.show(at, asked) == (claim, app.Evidence(outcome.captures[0], report, reading))
    for asked in ("ffffffff", "claim-ffffffff", "report-ffffffff", "x"):
        with pytest.raises(NotFoundError) as raised:
            app.show(at, asked)
        assert ("claim" in str(raised.value)) != asked.startswith("report")
        assert ("report" in str(raised.value)) != asked.startswith("claim")


def test_a_brief_holds_what_was_read_and_what_was_not(tmp_path: Path) -> None:
    at = house(tmp_path)
    made = app.brief(at, read(at, folder_of(tmp_path / "in", a=ONE, b=b"", c=TWO)), "The bridge")
    assert made.title == "The bridge"
    assert len(made.entries) == 2
    assert len(made.gaps) == 1
