"""Whatever is appended, in whatever grouping and however often: the ledger holds each entry once, unchanged."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purport.core.ids import digest, make_id
from purport.core.records import Capture, Claim, Query, Reading, Report, gap
from purport.core.times import Moment
from purport.edges.sqlite import open_sqlite
from purport.ledger import Book, View
from purport.ledger.search import match, parts

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
times = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
acts = st.sampled_from(["say", "deny", "show"])


@st.composite
def entries(draw: st.DrawFn):
    """A capture, its report and one or two readings of it, and a gap."""
    text = draw(texts)
    capture = Capture(make_id("capture", draw(texts), text), draw(texts), digest(text.encode()), len(text), draw(times))
    published = tuple(Moment(t, t) for t in draw(st.lists(times, max_size=1)))
    report = Report(
        make_id("report", capture.id), capture.id, text, capture.digest, title=draw(texts), published=published
    )
    spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple), max_size=2).map(tuple)
    readings = []
    for reader in range(draw(st.integers(1, 2))):
        claims = tuple(
            Claim(
                id=make_id("claim", report.id, reader, n),
                report=report.id,
                source=draw(spans),
                cue=draw(spans),
                content=draw(spans),
                act=draw(acts),
                stance="plain",
                polarity="+",
                certainty="certain",
                quote="none",
                source_kind="person",
                confidence=draw(st.floats(0, 1)),
            )
            for n in range(draw(st.integers(0, 3)))
        )
        readings.append(Reading(make_id("reading", report.id, reader), report.id, str(reader), claims))
    return capture, report, tuple(readings), gap("read", draw(texts), "timeout", draw(texts), draw(times))


@st.composite
def histories(draw: st.DrawFn):
    """Entries and the calls that bring them, each entry in one call or in several."""
    # ids are digests: two entries of one id are one entry
    found = draw(st.lists(entries(), max_size=4, unique_by=(lambda e: e[0].id, lambda e: e[3].id)))
    calls = draw(st.lists(st.lists(st.sampled_from(found), max_size=4), max_size=4)) if found else []
    order = draw(st.permutations(found))
    return found, [*calls, order]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_each_entry_is_held_once_and_unchanged(history):
    found, calls = history
    engine = open_sqlite("sqlite://")
    book, view = Book(engine), View(engine)
    new = 0
    for call in calls:
        captures, reports, readings, gaps = zip(*call, strict=True) if call else ((), (), (), ())
        new += book.add(captures, reports, [one for several in readings for one in several], gaps)
        assert book.add(captures, reports, [one for several in readings for one in several], gaps) == 0
    expected = {
        "captures": len(found),
        "reports": len(found),
        "readings": sum(len(readings) for _, _, readings, _ in found),
        "claims": sum(len(reading.claims) for _, _, readings, _ in found for reading in readings),
        "gaps": len(found),
        "releases": 0,
    }
    assert view.counts() == expected
    assert new == sum(expected.values())
    for capture, report, readings, _ in found:
        assert view.capture(capture.id) == capture
        assert view.report(report.id) == report
        assert list(view.readings(report.id)) == list(reversed(readings))
        latest = [claim for claim, of in view.claims(Query(report=report.id)) if of == report]
        assert latest == list(readings[-1].claims)
    assert {one.id: one for one in view.gaps()} == {one.id: one for _, _, _, one in found}
    with engine.connect() as connection:  # the index agrees with the tables
        if engine.dialect.name == "sqlite":
            for index in ("claims_words", "claims_ids", "reports_words"):
                connection.exec_driver_sql(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        else:
            for table in ("claims", "reports"):
                held = connection.exec_driver_sql(f"SELECT number FROM {table} ORDER BY 1").fetchall()
                indexed = connection.exec_driver_sql(f"SELECT rowid FROM {table}_words ORDER BY 1").fetchall()
                assert held == indexed
    engine.dispose()


engine_for_words = open_sqlite("sqlite://")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | st.text(alphabet="\"*^()-+:{}' ANDORTNE\0é“”", max_size=20))
def test_no_words_break_a_search(words):
    view = View(engine_for_words)
    if parts(words):
        assert match(words).count('"') == 2 * len(parts(words))
        assert list(view.claims(Query(words=words))) == []
        assert list(view.reports(Query(words=words))) == []
