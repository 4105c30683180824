"""What must always hold of spans, ids and times."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from purport.core.ids import digest, make_id
from purport.core.spans import CONTEXT, cover, move, overlaps, select, trim, within, words
from purport.core.times import iso, utc

TEXT = st.text(max_size=200)
SPAN = st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda pair: (min(pair), max(pair)))


@given(text=TEXT, span=SPAN)
def test_a_selector_finds_its_words_again(text: str, span: tuple[int, int]) -> None:
    start, end = (min(at, len(text)) for at in span)
    found = select(text, (start, end))
    assert found.prefix + found.exact + found.suffix == text[max(0, start - CONTEXT) : end + CONTEXT]
    assert found.exact == text[start:end]


@given(text=TEXT, span=SPAN)
def test_trimming_takes_white_space_alone(text: str, span: tuple[int, int]) -> None:
    start, end = (min(at, len(text)) for at in span)
    kept = trim(text, (start, end))
    assert text[slice(*kept)] == text[start:end].strip()
    assert within(kept, (start, end))


@given(a=SPAN, b=SPAN)
def test_overlap_is_mutual_and_needs_a_character(a: tuple[int, int], b: tuple[int, int]) -> None:
    assert overlaps(a, b) == overlaps(b, a)
    if a[0] < a[1] and b[0] < b[1]:
        assert overlaps(a, b) == bool(set(range(*a)) & set(range(*b)))


@given(pieces=st.lists(SPAN, max_size=5), by=st.integers(-50, 50))
def test_a_cover_holds_its_pieces_and_moves_with_them(pieces: list[tuple[int, int]], by: int) -> None:
    around = cover(pieces)
    assert all(within(piece, around) for piece in pieces)
    assert move(move(tuple(pieces), by), -by) == tuple(pieces)
    if pieces:
        assert cover(move(tuple(pieces), by)) == (around[0] + by, around[1] + by)


def test_words_of_pieces() -> None:
    text = "“We go,” he said, “now\nor never.”"
    assert words(text, ((0, 8), (18, 33))) == "“We go,” … “now\nor never.”"
    assert words(text, ((0, 3), (4, 8))) == "“We go,”"
    assert words(text, ()) == ""


@given(parts=st.lists(st.one_of(TEXT, st.integers(), SPAN), max_size=4), other=TEXT)
def test_ids_are_the_same_for_the_same_and_others_for_others(parts: list[object], other: str) -> None:
    assert make_id("claim", *parts) == make_id("claim", *parts)
    assert make_id("claim", *parts) != make_id("claim", *parts, other)
    assert make_id("claim", *parts) != make_id("report", *parts)


def test_ids_look_as_they_always_did() -> None:
    """They stand in ledgers and in what others wrote down: a change here orphans both."""
    assert make_id("claim", "a", ((1, 2),), 3) == "claim-4444fbdccc8bb62753044dbd1f5a051e"
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(moment=st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1)), hours=st.integers(-14, 14))  # noqa: DTZ001
def test_an_instant_stays_the_same_in_utc(moment: datetime, hours: int) -> None:
    here = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert utc(here) == here
    assert utc(here).tzinfo is UTC
    assert utc(moment) == moment.replace(tzinfo=UTC)
    assert datetime.fromisoformat(iso(here)) == here
    assert iso(here).endswith("Z")
