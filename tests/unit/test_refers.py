"""Which release a report refers to, with its evidence; and that nothing is decided where two fit."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from purport.collect.embeds import canonical, embeds
from purport.core.ids import digest, make_id
from purport.core.records import Capture, Release, Report
from purport.core.references import Address, Reference
from purport.core.times import Moment
from purport.read.footing import addresses, footings
from purport.trace.refers import known, references

DAY = datetime(2031, 5, 14, tzinfo=UTC)
PUBLISHED = (Moment(DAY, DAY + timedelta(days=1)),)


Shelved = tuple[Release, Capture]


def release(name: str, seconds: float, created: str = "", url: str = "", kind: str = "video") -> Shelved:
    made = datetime.fromisoformat(created).replace(tzinfo=UTC) if created else None
    moments = (Moment(made, made + timedelta(seconds=1), created),) if made else ()
    capture = Capture(f"capture-{name}", f"{name}.mp4", "sha256:0", 1, DAY, "video/mp4", "media", url)
    one = Release(id=name, capture=capture.id, kind=kind, version="1", duration=seconds, created=moments)
    return one, capture


def refers(text: str, releases: Sequence[Shelved], page: str = "") -> tuple[Reference, ...]:
    report = Report(make_id("report", text), "capture-0", text, digest(text.encode()), published=PUBLISHED)
    given = [Address(url, "text", span) for url, span in addresses(text)]
    given += embeds(page, "https://a.example/1")
    found = references(report, given, footings(text, PUBLISHED), known(releases, canonical), canonical)
    for one in found:
        assert all(text[slice(*e.span)] == e.words for e in one.evidence if e.span != (0, 0))
    return found


def told(found: Sequence[Reference]) -> list[tuple[str, tuple[str, ...], list[str]]]:
    return [(one.firmness, one.releases, [evidence.kind for evidence in one.evidence]) for one in found]


PIER = release("pier", 783, "2031-05-13T09:00:00", "https://youtu.be/abc_DEF-123")
GATE = release("gate", 47, "2031-05-02T09:00:00")
HALL = release("hall", 780)


def test_an_address_in_the_text_is_firm() -> None:
    found = refers("See https://www.youtube.com/watch?v=abc_DEF-123&t=9 for it.", [PIER, GATE])
    assert told(found) == [("firm", ("pier",), ["text"])]
    assert found[0].evidence[0].fits == "youtube.com/watch?v=abc_DEF-123"


def test_an_embedded_player_is_firm() -> None:
    page = '<iframe src="https://www.youtube.com/embed/abc_DEF-123"></iframe>'
    assert told(refers("The pier was seen.", [PIER, GATE], page)) == [("firm", ("pier",), ["embed"])]


def test_length_and_day_of_one_alone_are_likely() -> None:
    found = refers("The 13-minute video released on Tuesday shows the pier.", [PIER, GATE])
    assert told(found) == [("likely", ("pier",), ["length", "date"])]
    length, date = found[0].evidence
    assert (length.words, length.fits) == ("13-minute video", "13:03 long")
    assert date.words == "on Tuesday"
    assert "2031-05-13" in date.fits


def test_length_of_one_alone_is_possible() -> None:
    assert told(refers("The 47-second clip shows the gate.", [PIER, GATE])) == [("possible", ("gate",), ["length"])]


def test_a_length_that_two_have_decides_nothing() -> None:
    found = refers("The 13-minute video shows the pier.", [PIER, HALL, GATE])
    assert told(found)[0][:2] == ("undecidable", ("pier", "hall"))


def test_a_day_decides_between_two_of_one_length() -> None:
    found = refers("The 13-minute video released on Tuesday shows the pier.", [PIER, HALL])
    assert told(found) == [("likely", ("pier",), ["length", "date"])]


def test_an_address_decides_between_two_of_one_length() -> None:
    text = "The 13-minute video at https://youtu.be/abc_DEF-123 shows the pier."
    assert told(refers(text, [PIER, HALL])) == [("firm", ("pier",), ["text", "length"])]


def test_two_videos_in_one_report_are_two_references() -> None:
    found = refers("The 13-minute video came first. The 47-second clip followed.", [PIER, GATE])
    assert told(found) == [("possible", ("pier",), ["length"]), ("possible", ("gate",), ["length"])]


@pytest.mark.parametrize(
    "text",
    [
        "The video shows the pier.",  # nothing is stated of it
        "The five-minute video shows the pier.",
        "The five-minute video released on Tuesday shows the pier.",  # the day fits, the length doesn't
        "He spoke for 13 minutes about the pier.",
        "See https://youtu.be/other_one_1 for it.",
    ],
)
def test_nothing_fits(text: str) -> None:
    assert refers(text, [PIER, GATE]) == ()


def test_sound_is_no_picture() -> None:
    assert refers("The 47-second clip was played.", [release("call", 47, kind="audio")]) == ()
    assert told(refers("The 47-second audio was played.", [release("call", 47, kind="audio")])) == [
        ("possible", ("call",), ["length"])
    ]


def test_the_same_inputs_give_the_same_ids() -> None:
    text = "The 13-minute video released on Tuesday shows the pier."
    assert refers(text, [PIER, GATE])[0].id == refers(text, [GATE, PIER])[0].id


def test_a_length_said_twice_is_one_reference() -> None:
    found = refers("The 47-second clip shows the gate. The 47-second video ends there.", [GATE])
    assert told(found) == [("possible", ("gate",), ["length", "length"])]
