"""What every ledger does, whatever database it stands on."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from ledger_places import BOTH, url_in
from ledger_samples import NOON, Story, comparison, release, story
from sqlalchemy import Engine

from purport.core import ports
from purport.core.errors import LedgerError, NotFoundError, UsageError
from purport.core.records import Gap, Query, Reading, gap
from purport.core.watching import Listed, Visit
from purport.edges.ledgers import open_ledger
from purport.ledger import Book, View, screens, search


@dataclass
class Ledger:
    engine: Engine
    book: Book
    view: View

    def add(self, *stories: Story) -> int:
        return sum(self.book.add(*one) for one in stories)

    def contents(self, query: Query) -> list[str]:
        """The content words of the claims that match, in the order given."""
        return [report.text[c.content[0][0] : c.content[0][1]] for c, report in self.view.claims(query)]


@pytest.fixture(params=BOTH)
def ledger(request: pytest.FixtureRequest, tmp_path) -> Iterator[Ledger]:
    engine = open_ledger(url_in(request.param, tmp_path))
    yield Ledger(engine, Book(engine), View(engine))
    engine.dispose()


BRIDGE = story(
    "say plain: The harbour ministry | said | the bridge had fallen",
    "deny plain: The mayor of Dolva | denied | that anyone was hurt",
    "show distanced: The clip | purportedly shows | smoke above the café",
    "say endorsed: The river patrol | revealed | two boats were missing",
    outlet="Dolva Post",
    published="2031-05-04",
    title="Bridge falls at Dolva",
)
MARKET = story(
    "deny distanced: The northern council | claimed not to know | of any order to close the market",
    "> say plain: traders | told | it that the bridge was the reason",
    outlet="Sarn Radio",
    published="2031-05-02",
    title="Market stays shut",
    kind="organisation",
    speaker="Council of the North",
)
GAPS = [
    gap("article", "empty.txt", "empty", "Nothing is written in empty.txt.", NOON),
    gap("read", "kelo.txt", "not-english", "kelo.txt is not in English; it was not read.", NOON),
]


def test_adapters_are_the_ports(ledger: Ledger):
    writer: ports.Writer = ledger.book
    view: ports.View = ledger.view
    assert writer.add() == 0
    assert view.counts() == {"captures": 0, "reports": 0, "readings": 0, "claims": 0, "gaps": 0, "releases": 0}


def test_records_come_back_as_they_went_in(ledger: Ledger):
    assert ledger.book.add(*BRIDGE, GAPS) == 1 + 1 + 1 + 4 + 2
    assert ledger.view.capture(BRIDGE.captures[0].id) == BRIDGE.captures[0]
    assert ledger.view.report(BRIDGE.report.id) == BRIDGE.report
    assert list(ledger.view.reports()) == [BRIDGE.report]
    assert list(ledger.view.readings(BRIDGE.report.id)) == list(BRIDGE.readings)
    assert list(ledger.view.claims()) == [(claim, BRIDGE.report) for claim in BRIDGE.claims]
    assert ledger.view.claim(BRIDGE.claims[2].id) == (BRIDGE.claims[2], BRIDGE.report)
    assert list(ledger.view.gaps()) == GAPS


def test_gaps_since_an_instant(ledger: Ledger):
    later = gap("read", "mira.txt", "empty", "Nothing is written in mira.txt.", NOON + timedelta(seconds=0.5))
    ledger.book.add(gaps=[*GAPS, later])
    assert list(ledger.view.gaps(since=NOON)) == [*GAPS, later]
    assert list(ledger.view.gaps(since=NOON + timedelta(seconds=0.4))) == [later]
    assert list(ledger.view.gaps(since=NOON + timedelta(days=1))) == []


def test_gaps_of_a_watched_source_are_those_at_its_addresses_and_in_its_captures(ledger: Ledger):
    capture = BRIDGE.captures[0]
    item = Listed(id="listed-1", source="Dolva Post", key="1", url="https://dolva.example/1", seen=NOON)
    visit = Visit(
        id="visit-1",
        source="Dolva Post",
        item=item.id,
        url=item.url,
        at=NOON,
        outcome="new",
        capture=capture.id,
        next=NOON,
    )
    at_address = gap("watch", item.url, "text-fell", "", NOON)
    in_capture = gap("article", capture.place, "empty", "", NOON)
    ledger.book.add(captures=[capture], listed=[item], visits=[visit], gaps=[*GAPS, at_address, in_capture])
    assert list(ledger.view.gaps("Dolva Post")) == [at_address, in_capture]
    assert list(ledger.view.gaps("Sarn Radio")) == []
    assert ledger.view.last_visit() == 1


def test_the_period_is_from_the_first_capture_to_the_last(ledger: Ledger):
    assert ledger.view.period() == ()
    first, last = (
        msgspec.structs.replace(BRIDGE.captures[0], id=f"capture-{n}", taken=NOON + timedelta(days=n)) for n in (1, 9)
    )
    ledger.book.add(captures=[last, first])
    assert ledger.view.period() == (first.taken, last.taken)


def test_twice_is_once(ledger: Ledger):
    assert ledger.book.add(*BRIDGE, GAPS) == 9
    counts = ledger.view.counts()
    assert ledger.book.add(*BRIDGE, GAPS) == 0
    assert ledger.book.add(BRIDGE.captures * 2, BRIDGE.reports * 2, BRIDGE.readings * 2, GAPS * 2) == 0
    expected = {"captures": 1, "reports": 1, "readings": 1, "claims": 4, "gaps": 2, "releases": 0}
    assert ledger.view.counts() == counts == expected
    assert len(list(ledger.view.claims(Query(words="bridge")))) == 1


def test_twice_in_one_call_is_once(ledger: Ledger):
    assert ledger.book.add(BRIDGE.captures * 2, BRIDGE.reports * 2, BRIDGE.readings * 2, GAPS * 2) == 9


def test_releases_come_back_as_they_went_in(ledger: Ledger):
    capture, bridge = release()
    assert ledger.book.add(captures=[capture], releases=[bridge]) == 2
    assert ledger.book.add(captures=[capture], releases=[bridge, bridge]) == 0
    assert ledger.view.counts()["releases"] == 1
    assert list(ledger.view.releases()) == [(bridge, capture)]
    for asked in (bridge.id, bridge.id[:14], bridge.id.removeprefix("release-")[:6]):
        assert ledger.view.release(asked) == bridge
    assert ledger.view.has_release(bridge.id)
    assert not ledger.view.has_release(bridge.id[:20])
    with pytest.raises(NotFoundError, match=r"No release .* 1 release\."):
        ledger.view.release("release-00000000")


def test_the_latest_release_of_a_capture_speaks_and_the_earlier_is_kept(ledger: Ledger):
    (bridge, old), (market, other), (_, new) = release(), release("market.mov"), release(version="examine/2")
    ledger.book.add(captures=[bridge, market], releases=[old, other])
    ledger.book.add(releases=[new])
    assert list(ledger.view.releases()) == [(other, market), (new, bridge)]
    assert ledger.view.release(old.id) == old


def test_a_release_needs_its_capture(ledger: Ledger):
    _, bridge = release()
    with pytest.raises(LedgerError, match=f"a release is of {bridge.capture}, which the ledger does not hold"):
        ledger.book.add(releases=[bridge])
    assert ledger.view.counts()["releases"] == 0


def test_of_two_comparisons_of_a_release_the_last_one_holds(ledger: Ledger):
    (bridge, older), (market, newer) = release(), release("market.mp4")
    ledger.book.add(captures=[bridge, market], releases=[older, newer])
    first, then = comparison(newer, older), comparison(newer, older, "library-2", kind="undecidable")
    assert list(ledger.view.compared(newer.id)) == []
    assert ledger.book.add(comparisons=[first]) == 2
    assert ledger.book.add(comparisons=[first, first]) == 0
    assert list(ledger.view.compared(newer.id)) == [first]
    ledger.book.add(comparisons=[then])
    assert list(ledger.view.compared(newer.id)) == [then]
    assert list(ledger.view.compared(older.id)) == []
    with ledger.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT place, reference_place, kind FROM matches_plain").fetchall()
    assert [tuple(row) for row in rows] == [("market.mp4", "bridge.mp4", "undecidable")]


def test_a_comparison_needs_its_releases(ledger: Ledger):
    (capture, bridge), (_, gone) = release(), release("market.mp4")
    ledger.book.add(captures=[capture], releases=[bridge])
    with pytest.raises(LedgerError, match=f"a comparison is of {gone.id}, which the ledger does not hold"):
        ledger.book.add(comparisons=[comparison(bridge, gone)])
    assert list(ledger.view.compared(bridge.id)) == []


def test_more_than_a_batch_arrives(ledger: Ledger):
    many = [gap("article", f"{n}.txt", "empty", "", NOON) for n in range(2_345)]
    assert ledger.book.add(gaps=many) == 2_345
    assert list(ledger.view.gaps()) == many
    stories = [story(f"say plain: Voice {n} | said | number {n} had come", outlet=f"Outlet {n}") for n in range(250)]
    captures, reports, readings = ([s[kind][0] for s in stories] for kind in range(3))
    assert ledger.book.add(captures, reports, readings) == 4 * 250
    assert [report for _, report in ledger.view.claims()] == reports


def test_a_report_without_claims_has_a_reading(ledger: Ledger):
    quiet = story()
    assert ledger.add(quiet) == 3
    assert ledger.view.has_reading(quiet.report.id, "reader/1")
    assert list(ledger.view.readings(quiet.report.id)) == list(quiet.readings)


def test_has_reading(ledger: Ledger):
    ledger.add(BRIDGE)
    for asked in (ledger.view, ledger.book):
        assert asked.has_reading(BRIDGE.report.id, "reader/1")
        assert not asked.has_reading(BRIDGE.report.id, "reader/2")
        assert not asked.has_reading(MARKET.report.id, "reader/1")


def test_the_latest_reading_speaks_and_the_earlier_is_kept(ledger: Ledger):
    ledger.add(BRIDGE, MARKET)
    claims = tuple(
        msgspec.structs.replace(claim, id=claim.id.replace("claim-", "claim-2"), act="want")
        for claim in BRIDGE.claims[:2]
    )
    again = msgspec.structs.replace(BRIDGE.readings[0], id="reading-2", reader="reader/2", claims=claims)
    assert ledger.book.add(readings=[again]) == 3
    shown = [claim for claim, _ in ledger.view.claims(Query(report=BRIDGE.report.id))]
    assert shown == list(claims)
    assert list(ledger.view.readings(BRIDGE.report.id)) == [again, BRIDGE.readings[0]]
    assert [claim.id for claim, _ in ledger.view.claims(Query(words="bridge had fallen"))] == [claims[0].id]
    assert ledger.view.claim(BRIDGE.claims[3].id)[0] == BRIDGE.claims[3]  # still opens
    ledger.add(BRIDGE)  # the earlier reading, come by again, does not become the latest
    assert [claim for claim, _ in ledger.view.claims(Query(report=BRIDGE.report.id))] == shown


def test_claims_of_some_reports_are_those_of_their_latest_readings(ledger: Ledger):
    ledger.add(BRIDGE, MARKET)
    again = msgspec.structs.replace(BRIDGE.claims[0], id="claim-2")
    ledger.book.add(readings=[Reading("reading-2", BRIDGE.report.id, "reader/2", (again,))])
    ids = [MARKET.report.id, "report-none", BRIDGE.report.id]
    assert ledger.view.claims_of(ids) == {BRIDGE.report.id: (again,), MARKET.report.id: MARKET.claims}
    assert ledger.view.claims_of(()) == {}
    assert list(ledger.view.some(ids)) == [MARKET.report, BRIDGE.report]


def test_captures_of_some_reports_are_those_that_they_were_taken_from(ledger: Ledger):
    ledger.add(BRIDGE, MARKET)
    found = ledger.view.captures_of([MARKET.report.id, "report-none", BRIDGE.report.id])
    assert found == {one.report.id: ledger.view.capture(one.report.capture) for one in (MARKET, BRIDGE)}
    assert ledger.view.captures_of(()) == {}


def test_the_roll_goes_on_from_a_number(ledger: Ledger):
    ledger.add(BRIDGE)
    (first,) = ledger.view.roll()
    assert first == (1, BRIDGE.report.id, "2031-05-04T00:00:00Z")
    ledger.add(BRIDGE, MARKET)
    assert [id for _, id, _ in ledger.view.roll(first[0])] == [MARKET.report.id]


def test_addresses_with_several_reports(ledger: Ledger):
    url = "https://dolva.example/1"
    reports = [msgspec.structs.replace(one.report, url=url) for one in (BRIDGE, MARKET)]
    ledger.book.add([*BRIDGE.captures, *MARKET.captures], reports[:1])
    assert ledger.view.several([url, "https://none.example"]) == set()
    ledger.book.add(reports=reports[1:])
    assert ledger.view.several([url, "https://none.example"]) == {url}


def test_two_readings_may_share_a_claim(ledger: Ledger):
    ledger.add(BRIDGE)
    again = msgspec.structs.replace(BRIDGE.readings[0], id="reading-2", reader="reader/2")
    assert ledger.book.add(readings=[again]) == 5
    assert [claim for claim, _ in ledger.view.claims()] == list(BRIDGE.claims)
    assert ledger.view.claim(BRIDGE.claims[0].id[:12])[0] == BRIDGE.claims[0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(act="deny"), ["of any order to close the market", "that anyone was hurt"]),
        (Query(act="deny", stance="plain"), ["that anyone was hurt"]),
        (Query(stance="distanced", limit=1), ["of any order to close the market"]),
        (Query(source_kind="organisation", nested=False), ["of any order to close the market"]),
        (Query(outlet="Sarn Radio"), ["of any order to close the market", "it that the bridge was the reason"]),
        (Query(report=BRIDGE.report.id[:13], act="say"), ["the bridge had fallen", "two boats were missing"]),
        (Query(words="bridge", outlet="Dolva Post"), ["the bridge had fallen"]),
        (Query(words="bridge", nested=False), ["the bridge had fallen"]),
        (Query(words="bridge", act="threaten"), []),
        (Query(outlet="Nowhere Times"), []),
    ],
)
def test_filters(ledger: Ledger, query: Query, expected: list[str]):
    ledger.add(BRIDGE, MARKET)
    assert ledger.contents(query) == expected


def test_reading_order_is_by_publication_then_arrival_then_place(ledger: Ledger):
    undated = story("say plain: A sailor | said | the fog had lifted", outlet="Kelo Wire")
    ledger.add(BRIDGE, MARKET, undated)
    reports = [undated.report, MARKET.report, BRIDGE.report]
    assert list(ledger.view.reports()) == reports
    assert [report for _, report in ledger.view.claims()] == [
        *[undated.report] * 1,
        *[MARKET.report] * 2,
        *[BRIDGE.report] * 4,
    ]
    assert list(ledger.view.reports(Query(outlet="Sarn Radio"))) == [MARKET.report]
    assert list(ledger.view.reports(Query(limit=2))) == reports[:2]
    assert list(ledger.view.reports(Query(report=BRIDGE.report.id[:12]))) == [BRIDGE.report]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bridge", 2),
        ("BRIDGE", 2),
        ("bridge fallen", 1),  # all words
        ('"bridge had fallen"', 1),
        ("“bridge had fallen”", 1),
        ('"fallen bridge"', 0),  # a phrase keeps its order
        ("fallen bridge", 1),
        ("cafe", 1),  # without its accent
        ("CAFÉ", 1),
        ("Council of the North", 2),  # the speaker, whose words are not in the text
        ("purportedly", 1),  # the cue
        ("harbour ministry", 1),  # the source
        ("bridge OR market", 0),  # operators are words
        ("bridge NOT fallen", 0),
        ("bridge*", 2),
        ("content:bridge", 0),
        ("bridge)", 2),
        ('"bridge', 2),  # a quote left open
        ("NEAR(bridge fallen)", 0),
        ("bridge — ^", 2),  # signs on their own are left out
        ("bridge\0fallen", 1),
        ("bridge \udcff", 2),  # a byte the terminal could not read
        ("  ", 6),  # nothing asked: all
        ("zeppelin", 0),
        ("U.N.", 0),
        ('"said the bridge"', 0),  # a phrase stays within a role
        ("café's", 0),
        ("any-one", 0),
        ('"order to close the market" claimed', 1),
    ],
)
def test_words_are_words(ledger: Ledger, words: str, found: int):
    ledger.add(BRIDGE, MARKET)
    assert len(list(ledger.view.claims(Query(words=words)))) == found


@pytest.mark.parametrize("words", ["—", '""', '" "', "* ^ ( )", "\0"])
def test_a_search_for_signs_alone_is_refused(ledger: Ledger, words: str):
    with pytest.raises(UsageError, match="write at least one word"):
        ledger.view.claims(Query(words=words))
    with pytest.raises(UsageError, match="write at least one word"):
        ledger.view.reports(Query(words=words))


def test_the_best_match_comes_first(ledger: Ledger):
    long = "the ferry " + "and the other boats and the people on the quay " * 5
    ledger.add(
        story(f"say plain: A | said | {long}", outlet="A", published="2031-01-01"),
        story("say plain: B | said | the ferry sank", outlet="B", published="2031-01-02"),
        *(story(f"say plain: C | said | nothing of number {n}", outlet=f"C{n}") for n in range(5)),
    )
    assert [report.outlet for _, report in ledger.view.claims(Query(words="ferry"))] == ["B", "A"]
    assert [report.outlet for report in ledger.view.reports(Query(words="ferry"))] == ["B", "A"]


def test_what_is_too_common_to_rank_comes_newest_first(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "RANKED", 3)
    ledger.add(*(story(f"say plain: V | said | {'the ferry ' * (4 - n)}", outlet=str(n)) for n in range(4)))
    assert [report.outlet for _, report in ledger.view.claims(Query(words="ferry"))] == ["3", "2", "1", "0"]


@pytest.mark.parametrize("span", [1, 20_000])
def test_what_is_common_is_found_in_a_time_long_past(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, span: int):
    monkeypatch.setattr(search, "RANKED", 3)
    monkeypatch.setattr(screens, "_SPAN", span)
    days = [
        story("say plain: V | said | the ferry is late", outlet=str(day), published=f"2031-01-{day:02}")
        for day in range(1, 10)
    ]
    ledger.add(*days, story("say plain: V | said | the ferry is late", outlet="some day"))
    third = days[2]
    ledger.book.add(readings=[Reading("reading-later", third.report.id, "later/1", third.claims)])
    second, fifth, sixth = (datetime(2031, 1, day, tzinfo=UTC) for day in (2, 5, 6))

    def outlets(**asked: tuple[datetime, ...]) -> list[str]:
        query = Query(words="ferry", **asked)
        found = [report.outlet for _, report in ledger.view.claims(query)]
        assert [report.outlet for _, report in ledger.view.best_claims(query, 50)] == found
        return found

    assert outlets(since=(second,), until=(fifth,)) == ["3", "4", "2"]  # what was read last first
    assert outlets(since=(sixth,)) == ["9", "8", "7", "6"]
    assert outlets(until=(second,)) == ["1"]
    assert outlets(since=(datetime(2032, 1, 1, tzinfo=UTC),)) == []


@pytest.mark.parametrize("worth", [3, 300])
def test_what_is_rare_is_found_in_a_time_whenever_it_was_read(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, worth: int
):
    monkeypatch.setattr(screens, "_WORTH", worth)
    days = [
        story(f"say plain: V | said | the ferry is late by {day}", outlet=str(day), published=f"2031-01-{day:02}")
        for day in (5, 2, 9, 3, 1)  # not read in the order of their publication
    ]
    ledger.add(*days, story("say plain: V | said | the ferry is late", outlet="some day"))
    ledger.book.add(readings=[Reading("reading-later", days[1].report.id, "later/1", days[1].claims)])
    second, fifth = (datetime(2031, 1, day, tzinfo=UTC) for day in (2, 5))

    def outlets(**asked: tuple[datetime, ...]) -> list[str]:
        query = Query(words="ferry", **asked)
        found = sorted(report.outlet for _, report in ledger.view.best_claims(query, 50))
        assert sorted(report.outlet for _, report in ledger.view.claims(query)) == found
        return found

    assert outlets(since=(second,), until=(fifth,)) == ["2", "3"]
    assert outlets(since=(fifth,)) == ["5", "9"]
    assert outlets(until=(second,)) == ["1"]
    assert outlets(since=(datetime(2032, 1, 1, tzinfo=UTC),)) == []


def test_reports_are_found_by_title_and_text(ledger: Ledger):
    ledger.add(BRIDGE, MARKET)
    assert list(ledger.view.reports(Query(words="stays shut"))) == [MARKET.report]
    assert list(ledger.view.reports(Query(words="order to close"))) == [MARKET.report]
    assert {r.outlet for r in ledger.view.reports(Query(words="bridge"))} == {"Dolva Post", "Sarn Radio"}
    assert list(ledger.view.reports(Query(words="bridge", outlet="Dolva Post"))) == [BRIDGE.report]


def test_ids_may_be_shortened(ledger: Ledger):
    ledger.add(BRIDGE, MARKET)
    whole = BRIDGE.report.id
    digits = whole.removeprefix("report-")
    for asked in (whole, whole[:11], digits, digits[:4], digits[:8].upper(), digits[:8] + "…", f" {digits[:6]} "):
        assert ledger.view.report(asked) == BRIDGE.report
    claim = BRIDGE.claims[1]
    assert ledger.view.claim(claim.id.removeprefix("claim-")[:8]) == (claim, BRIDGE.report)
    assert ledger.view.capture(BRIDGE.captures[0].id[:14]) == BRIDGE.captures[0]


def test_what_is_not_there_is_named(ledger: Ledger):
    ledger.add(BRIDGE, MARKET)
    with pytest.raises(NotFoundError, match=r"'report-00000000'; .* 2 reports\."):
        ledger.view.report("00000000")
    with pytest.raises(NotFoundError, match=r"'claim-zzzz'; .* 6 claims\."):
        ledger.view.claim("zzzz")
    with pytest.raises(NotFoundError, match="4 of its digits"):
        ledger.view.report("report-abc")
    with pytest.raises(NotFoundError, match="4 of its digits"):
        ledger.view.report("")
    with pytest.raises(NotFoundError, match="'report-00000000'"):
        ledger.view.claims(Query(report="00000000"))  # at once, not when the first claim is asked for
    with pytest.raises(NotFoundError, match="'report-00000000'"):
        ledger.view.readings("00000000")
    # the signs of a pattern are no pattern
    with pytest.raises(NotFoundError):
        ledger.view.report("%%%%")
    with pytest.raises(NotFoundError):
        ledger.view.report("****")


def test_an_ambiguous_id_lists_what_it_may_mean(ledger: Ledger):
    def named(n: int) -> Story:
        one = story(f"say plain: V | said | {n}", outlet=str(n))
        report = msgspec.structs.replace(one.report, id=f"report-abcd{n}")
        return Story(one.captures, (report,), ())

    ledger.add(*(named(n) for n in range(7)))
    with pytest.raises(NotFoundError, match=r"report-abcd0, .*report-abcd4 …\. Give more digits"):
        ledger.view.report("abcd")
    assert ledger.view.report("abcd5").outlet == "5"


def test_what_a_record_points_at_must_be_there(ledger: Ledger):
    with pytest.raises(LedgerError, match=f"{BRIDGE.captures[0].id}.*Add the capture before"):
        ledger.book.add(reports=BRIDGE.reports, gaps=GAPS)
    with pytest.raises(LedgerError, match=f"{BRIDGE.report.id}.*Add the report before"):
        ledger.book.add(captures=BRIDGE.captures, readings=BRIDGE.readings)
    assert set(ledger.view.counts().values()) == {0}


def test_a_call_that_breaks_off_adds_nothing(ledger: Ledger):
    ledger.add(MARKET)
    before = ledger.view.counts()

    def breaks_off() -> Iterator[Gap]:
        yield from GAPS
        raise RuntimeError("the feed went away")

    with pytest.raises(RuntimeError, match="went away"):
        ledger.book.add(*BRIDGE, breaks_off())
    assert ledger.view.counts() == before
    assert ledger.contents(Query(words="fallen")) == []
    assert ledger.add(BRIDGE) == 7  # and the ledger goes on


def test_readers_and_a_writer_at_once(ledger: Ledger):
    """What is being read is neither stopped by an append nor changed by it."""
    ledger.add(*(story(f"say plain: V | said | {n}", outlet=f"{n:04}") for n in range(600)))
    reading = ledger.view.reports()
    first = next(reading)
    assert ledger.add(BRIDGE) == 7
    assert 1 + len(list(reading)) == 600
    assert first.outlet == "0000"
    # records made from what is read, while they are appended
    found = ledger.book.add(gaps=(gap("read", r.id, "empty", "", NOON) for r in ledger.view.reports()))
    assert found == 601


def test_streams_may_be_many_and_left_half_read(ledger: Ledger):
    ledger.add(BRIDGE, MARKET)
    streams = [ledger.view.claims() for _ in range(30)]
    assert {next(stream)[0].id for stream in streams} == {MARKET.claims[0].id}
    del streams
    assert ledger.add(BRIDGE) == 0


def test_writers_in_several_threads(ledger: Ledger):
    stories = [story(f"say plain: V | said | {n} boats", outlet=str(n)) for n in range(40)]
    added: list[int] = []
    threads = [threading.Thread(target=lambda: added.append(ledger.add(*stories))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(added) == 4
    assert sum(added) == sum(ledger.view.counts().values()) == 160
    assert len(list(ledger.view.claims(Query(words="boats")))) == 40


def test_any_writing_and_any_length(ledger: Ledger):
    odd = story(
        "say plain: 市の広報 | 発表した | 橋は無事だ 🌉",
        "say plain: Naïve ‘sources’ | said | \u200bzero\u00adwidth and e\u0301 and a tab\there",
        "say plain: A NUL\0 | in | the middle\0",
        "say plain: " + "x" * 70_000 + " | said | nothing",
        outlet="O'Reilly; DROP TABLE claims --",
    )
    assert ledger.add(odd) == 7
    assert list(ledger.view.claims(Query(outlet="O'Reilly; DROP TABLE claims --"))) == [
        (claim, odd.report) for claim in odd.claims
    ]
    assert [claim for claim, _ in ledger.view.claims(Query(words="発表した"))] == [odd.claims[0]]
