"""What a text states of footage: its length and its day."""

from datetime import UTC, datetime, timedelta

import pytest

from purport.core.times import Moment
from purport.read.footing import addresses, footings

DAY = datetime(2031, 5, 14, tzinfo=UTC)  # a Wednesday
PUBLISHED = (Moment(DAY, DAY + timedelta(days=1)),)


@pytest.mark.parametrize(
    ("text", "words", "low", "high"),
    [
        ("The 47-second clip shows it.", "47-second clip", 46, 48),
        ("A 47-second cell phone clip shows it.", "47-second cell phone clip", 46, 48),
        ("She posted a 13-minute video.", "13-minute video", 750, 840),
        ("She posted a thirteen-minute video.", "thirteen-minute video", 750, 840),
        ("A 10-minute film was shown.", "10-minute film", 540, 660),
        ("The two-and-a-half-minute video ends there.", "two-and-a-half-minute video", 135, 165),
        ("They sent nearly 13 minutes of footage.", "nearly 13 minutes of footage", 702, 780),
        ("More than two minutes of shaky footage came.", "More than two minutes of shaky footage", 120, 180),
        ("The clip, which lasts 47 seconds, ends.", "clip, which lasts 47 seconds", 46, 48),
        ("The recording runs for 1:32.", "recording runs for 1:32", 91, 93),
        ("The video (0:47) ends there.", "video (0:47)", 46, 48),
        ("A 3-minute, 20-second video came.", "3-minute, 20-second video", 198.5, 201.5),
        ("The video is one minute and 20 seconds long.", "video is one minute and 20 seconds", 78.5, 81.5),
        ("An hour-long livestream followed.", "hour-long livestream", 3000, 4500),
        ("A roughly 40-second recording.", "roughly 40-second recording", 34, 46),
    ],
)
def test_lengths(text: str, words: str, low: float, high: float) -> None:
    (found,) = footings(text)
    assert found.words.removeprefix("An ") == words
    assert text[slice(*found.span)] == found.words
    assert found.seconds == pytest.approx((low, high))


@pytest.mark.parametrize(
    "text",
    [
        "The video was 13 minutes late.",
        "After a two-hour drive the video was sent.",
        "A 10-year-old boy is in the video.",
        "He spoke for 13 minutes in the video.",
        "In 13 minutes and one video he lost.",
        "The video shows the bridge.",
        "He called for 20 minutes of silence.",
    ],
)
def test_other_numbers_are_no_length(text: str) -> None:
    assert footings(text) == ()


def test_kinds() -> None:
    kinds = [one.kind for one in footings("A 20-second audio and a 47-second video. The 12-minute tape.")]
    assert kinds == ["audio", "video", "audio"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("In a video dated 9 March 2031, men are seen.", "2031-03-09"),
        ("A 13-minute video released on Tuesday shows it.", "2031-05-13"),
        ("The clip, filmed on 3 May, shows it.", "2031-05-03"),
    ],
)
def test_days(text: str, first: str) -> None:
    (found,) = footings(text, PUBLISHED)
    assert [str(day.start.date()) for day in found.date] == [first]


def test_a_length_is_no_day() -> None:
    (found,) = footings("A two-minute video shows it.", PUBLISHED)
    assert found.date == ()


def test_addresses_without_what_follows_them() -> None:
    text = "See https://a.example/clip.mp4, or (http://b.example/watch?v=1)."
    assert list(addresses(text)) == [
        ("https://a.example/clip.mp4", (4, 30)),
        ("http://b.example/watch?v=1", (36, 62)),
    ]
    assert all(text[slice(*span)] == found for found, span in addresses(text))
