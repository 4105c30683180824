"""The time of a saying, resolved against the day of publication: Wednesday 14 May 2031 in these tests."""

from datetime import UTC, date, datetime, timedelta

import pytest
from test_targets import unmark

from purport.core.times import Moment
from purport.read.dates import said_at, spoken_of

DAY = datetime(2031, 5, 14, tzinfo=UTC)
PUBLISHED = (Moment(DAY, DAY + timedelta(days=1)),)


def told(marked: str, published: tuple[Moment, ...] = PUBLISHED) -> tuple[str, date, int] | None:
    """Words, first day and number of days of the time found."""
    text, source, cue, content = unmark(marked)
    found = said_at(text, source, cue, content, published)
    if not found:
        return None
    (moment,) = found
    assert moment.words == text[slice(*moment.span)]
    assert moment.start.tzinfo is UTC
    return moment.words, moment.start.date(), (moment.end - moment.start).days


@pytest.mark.parametrize(
    ("marked", "words", "first", "days"),
    [
        ("[S The ministry] [Q said] on Tuesday that [C it was safe].", "on Tuesday", "2031-05-13", 1),
        ("[S The ministry] [Q said] on Wednesday [C it was safe].", "on Wednesday", "2031-05-14", 1),
        ("[S The ministry] [Q said] on Thursday [C it was safe].", "on Thursday", "2031-05-08", 1),
        ("[S He] [Q said] last Wednesday [C it was safe].", "last Wednesday", "2031-05-07", 1),
        ("[S She] on Monday [Q denied] [C it].", "on Monday", "2031-05-12", 1),
        ("[S She] [Q denied] [C it] late on Monday night.", "late on Monday night", "2031-05-12", 1),
        ("On 3 May 2031, [S she] [Q said] [C no].", "On 3 May 2031", "2031-05-03", 1),
        ("On May 3, 2030, [S she] [Q said] [C no].", "On May 3, 2030", "2030-05-03", 1),
        ("On Saturday, 3 May, [S she] [Q said] [C no].", "On Saturday, 3 May", "2031-05-03", 1),
        ("[S She] [Q said] on 20 December [C that it was so].", "on 20 December", "2030-12-20", 1),
        ("[S She] [Q said] in a letter dated 2031-04-02 [C that it was so].", "2031-04-02", "2031-04-02", 1),
        ("[S She] [Q said] yesterday [C no].", "yesterday", "2031-05-13", 1),
        ("[S She] [Q said] earlier today [C no].", "earlier today", "2031-05-14", 1),
        ("[S She] [Q said] last night [C no].", "last night", "2031-05-13", 1),
        ("[S She] [Q said] this morning [C no].", "this morning", "2031-05-14", 1),
        ("Earlier this week [S she] [Q said] [C no].", "Earlier this week", "2031-05-12", 3),
        ("Last week [S she] [Q said] [C no].", "Last week", "2031-05-05", 7),
        ("Last month [S she] [Q said] [C no].", "Last month", "2031-04-01", 30),
        ("Late last year [S she] [Q said] [C no].", "Late last year", "2030-01-01", 365),
        ("Two days ago [S she] [Q said] [C no].", "Two days ago", "2031-05-12", 1),
        ("[S She] [Q said] three weeks ago [C no].", "three weeks ago", "2031-04-21", 7),
        ("[S She] [Q said] four months ago [C no].", "four months ago", "2031-01-01", 31),
        ("In December [S she] [Q said] [C no].", "In December", "2030-12-01", 31),
        ("In March 2029 [S she] [Q said] [C no].", "In March 2029", "2029-03-01", 31),
        ("In 2029 [S she] [Q said] [C no].", "In 2029", "2029-01-01", 365),
        ("[S She] [Q will announce] [C it] on Friday.", "on Friday", "2031-05-16", 1),
        ("[S She] [Q is to speak] of [C it] next week.", "next week", "2031-05-19", 7),
        ("[S She] [Q said Sunday] [C no].", "Sunday", "2031-05-11", 1),
        ("[C “No,”] [S she] [Q told] reporters on Sunday. On Monday she left.", "on Sunday", "2031-05-11", 1),
        ("[S Mr. Harl] [Q said] on Sept. 3 [C no].", "on Sept. 3", "2030-09-03", 1),
    ],
)
def test_a_time_is_read_as_precise_as_its_words(marked: str, words: str, first: str, days: int) -> None:
    assert told(marked) == (words, date.fromisoformat(first), days)


@pytest.mark.parametrize(
    "marked",
    [
        "[S She] [Q said] [C the ship left on Monday].",
        "[C The ship left on Monday], [S she] [Q said].",
        "[S She] [Q may say] [C so].",
        "[S Mr Harl], who resigned on Monday, [Q said] [C he was ill].",
        "[S She] [Q said] [C no] when he came on Monday.",
        "[S She] [Q said] [C no]. On Monday the well was shut.",
        "[S She] [Q said] [C no] on 31 February.",
        "[S She] [Q said] today's [C price] was fair.",
        "[S She] [Q said] [C no] to a vote next week.",
    ],
)
def test_no_time(marked: str) -> None:
    assert told(marked) is None


def test_without_a_publication_date_only_full_dates_are_resolved() -> None:
    assert told("[S She] [Q said] on Tuesday [C no].", ()) is None
    assert told("[S She] [Q said] on 3 May [C no].", ()) is None
    assert told("[S She] [Q said] on 3 May 2031 [C no].", ()) == ("on 3 May 2031", date(2031, 5, 3), 1)


def test_the_nearest_expression_is_taken() -> None:
    marked = "On Sunday the port was shut, and on Tuesday [S she] [Q said] [C so]."
    assert told(marked) == ("on Tuesday", date(2031, 5, 13), 1)


@pytest.mark.parametrize(
    ("marked", "words", "first"),
    [
        ("It said [the bridge fell on Monday] in a letter.", "on Monday", "2031-05-12"),
        ("It said [the bridge fell on 3 May, not on Monday].", "on 3 May", "2031-05-03"),
        ("It said [73 of them left in 2019].", "in 2019", "2019-01-01"),
        ("It said [the bridge will open next week].", "next week", "2031-05-19"),
        ("It said [the bridge fell on Monday] morning.", "on Monday", "2031-05-12"),
        ("It said [two fell 2 days ago].", "2 days ago", "2031-05-12"),
        ("It said [it was lost in May].", "in May", "2031-05-01"),
        ("It said [it was lost on the 5th, 3rd of May].", "3rd of May", "2031-05-03"),
        ("It said [the file of 2031-04-02 was lost].", "2031-04-02", "2031-04-02"),
        ("It said [the two left this afternoon].", "this afternoon", "2031-05-14"),
    ],
)
def test_a_content_speaks_of_a_time(marked: str, words: str, first: str) -> None:
    start, stop = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    (found,) = spoken_of(text, (start, stop), PUBLISHED)
    assert (found.words, found.start.date().isoformat()) == (words, first)
    assert text[slice(*found.span)] == words


@pytest.mark.parametrize("said", ["73 of them left", "they left 12 of the boats", "the marchers may march", ""])
def test_a_content_without_a_time_speaks_of_none(said: str) -> None:
    text = f"On Monday it said {said} in May 2030."
    assert spoken_of(text, (18, 18 + len(said)), PUBLISHED) == ()
    assert spoken_of(text, (0, len(text)), ()) != ()
