"""Who said what first, who changed what, and what was known by an instant."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from trace_samples import NOON, Told, read

from purport.app.tracing import about
from purport.core.origins import Entry
from purport.core.ports import Reader
from purport.core.records import Claim, Report
from purport.core.times import Moment
from purport.trace.graph import Material, build
from purport.trace.known import know
from purport.trace.threads import threads
from purport.trace.timeline import by_then, timeline
from purport.wiring import open_reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(threads=1)


def entries(readings: list[tuple[Report, tuple[Claim, ...]]]) -> tuple[Entry, ...]:
    known = know(readings, (), ())
    taken = {report.capture: NOON for report, _ in readings}
    return timeline(known, threads(known, build(Material(readings), known)), taken, about)


def texts(reader: Reader, *given: str) -> list[tuple[Report, tuple[Claim, ...]]]:
    outlets = [
        {"text": text, "outlet": f"Outlet {number}", "published": f"2031-04-{number + 1:02}T08:00:00Z"}
        for number, text in enumerate(given)
    ]
    return read(outlets, reader)


def test_who_said_it_first_and_who_dropped_the_distance(reader: Reader) -> None:
    readings = texts(
        reader,
        "A video released by Coast Monitor purportedly shows forty men in the marsh.",
        "A video released by Coast Monitor shows sixty men in the marsh.",
    )
    found = [entry for entry in entries(readings) if entry.claim]
    assert [entry.first for entry in found] == [True, False]
    assert found[0].report == readings[0][0].id
    assert "distance dropped: distanced → endorsed" in found[1].changes


def test_changed_figures_are_told(reader: Reader) -> None:
    readings = texts(
        reader,
        "A video released by Coast Monitor shows 40 men in the marsh.",
        "A video released by Coast Monitor shows 60 men in the marsh.",
    )
    (later,) = [entry for entry in entries(readings) if entry.changes]
    assert later.changes == ("figures: 40 → 60",)


def test_a_source_that_is_no_longer_named_is_told() -> None:
    words = "“the water came over the wall at night”"
    made = Told(
        [
            {"outlet": "Alpha", "says": [["Oda Brell", "person", words]]},
            {"outlet": "Beta", "says": [["a resident", "person", words]]},
        ]
    )
    readings = [(report, tuple(map(quoted, claims))) for report, claims in made.readings]
    found = entries(readings)
    assert not any(entry.changes for entry in found)  # the same quotation says who it was
    known = know(readings, (), ())
    assert known.actors[readings[1][1][0].id].key == "oda brell"


def quoted(claim: Claim) -> Claim:
    return replace(claim, quote="direct")


def test_saying_and_what_is_spoken_of_have_times_of_their_own(reader: Reader) -> None:
    text = "On Tuesday the harbour office said that the light had failed in March 2031."
    found = entries(texts(reader, text))
    bases = {entry.basis: entry for entry in found}
    assert set(bases) == {"published", "said", "about"}
    assert bases["about"].time.words == "in March 2031" or bases["about"].time.words == "March 2031"
    assert bases["about"].time.start == datetime(2031, 3, 1, tzinfo=UTC)
    assert bases["said"].time.start == datetime(2031, 4, 1, tzinfo=UTC)
    starts = [entry.time.start for entry in found]
    assert starts == sorted(starts)


def test_what_has_no_date_stands_where_it_was_captured() -> None:
    made = Told([{"outlet": "Alpha", "says": [["Oda Brell", "person", "it rained"]]}])
    (report, claims), *_ = made.readings
    (entry,) = entries([(replace(report, published=()), claims)])
    assert (entry.basis, entry.time.start) == ("captured", NOON)


def test_by_an_instant_only_what_was_out_counts() -> None:
    (report, _), *_ = Told([{"outlet": "Alpha"}]).readings
    hour = timedelta(hours=1)
    assert by_then(report, NOON + hour, NOON)  # published by then, captured later
    assert not by_then(report, NOON - hour, NOON - hour / 2)  # captured, says its page, before it was published
    undated = replace(report, published=())
    assert not by_then(undated, NOON + hour, NOON)
    assert by_then(undated, NOON, NOON)
    assert Moment(NOON, NOON).start == NOON
