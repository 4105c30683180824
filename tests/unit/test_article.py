"""From items to reports: what is kept as it came, what is read off it, and when there is no report."""

import time
from datetime import UTC, datetime

import pytest
from input_samples import NOW, SAMPLES, causes, taken

from purport.collect.items import item
from purport.core.ids import digest
from purport.core.records import Gap, Item, Note, Report
from purport.read.article import report

STORY = """Ministry doubts harbour video

By Mara Quill and Jon van Ness
12 March 2031

PORT HALE (Northwire) — The ministry of Norland said it had not seen the video.
“We will come,” the narrator says.
"""


def given(text: str | bytes, media_type: str = "text/plain", **more: str) -> Item:
    data = text.encode() if isinstance(text, str) else text
    return item(data, "desk/a.txt", "file", NOW, media_type=media_type, **more)


def read(text: str | bytes, media_type: str = "text/plain", **more: str) -> tuple[Report, tuple[Gap, ...]]:
    (found,), gaps = report(given(text, media_type, **more), NOW)
    for note in found.credits + found.repeats:
        assert found.text[slice(*note.span)] == note.text
    return found, gaps


def notes(found: tuple[Note, ...]) -> list[tuple[str, str]]:
    return [(n.kind, n.text) for n in found]


def test_plain_text_is_stored_unchanged_with_its_digest() -> None:
    text = "\n  The mayor\tdenied it.\r\n\r\n\u2028Twice: é e\u0301 😀 \n"
    one = given(text)
    (found,), _ = report(one, NOW)
    assert found.text == text
    assert found.text_digest == digest(text.encode())
    assert found.capture == one.capture.id
    assert report(one, datetime(2040, 1, 1, tzinfo=UTC))[0] == (found,)  # the clock changes nothing


def test_nuls_and_half_pairs_are_replaced_one_for_one() -> None:
    found, _ = read(b"The mayor\x00 denied \xed\xa0\x80it.\xff")
    assert "\x00" not in found.text
    assert found.text.encode()
    assert found.text.startswith("The mayor\ufffd denied ")
    assert read("caf\ud800é".encode("utf-16-le", "surrogatepass"), charset="utf-16-le")[0].text == "caf\ufffdé"


@pytest.mark.parametrize("charset", ["no-such-codec", "zip", "idna"])
def test_a_charset_that_is_none_does_not_stop_us(charset: str) -> None:
    assert read("The mayor denied it.", charset=charset)[0].text == "The mayor denied it."


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"])
def test_no_text_is_a_gap_and_no_report(text: str) -> None:
    found, gaps = report(given(text), NOW)
    assert (found, causes(gaps)) == ((), ["empty"])


def test_the_top_of_a_story_is_read() -> None:
    found, gaps = read(STORY)
    assert not gaps
    assert (found.title, found.byline) == ("Ministry doubts harbour video", "Mara Quill and Jon van Ness")
    (published,) = found.published
    assert (published.start, published.end) == (
        datetime(2031, 3, 12, tzinfo=UTC),
        datetime(2031, 3, 13, tzinfo=UTC),
    )
    assert found.text[slice(*published.span)] == published.words == "12 March 2031"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Mayor denies closing bridge\nBy Mara Quill\nThe mayor denied it.", "Mayor denies closing bridge"),
        ("12 March 2031\n\nMayor denies closing bridge\n\nThe mayor denied it.", "Mayor denies closing bridge"),
        ("Did the mayor close the bridge?\n\nThe mayor denied it.", "Did the mayor close the bridge?"),
        ("Mayor Denies Closing the Bridge.\n\nThe mayor denied it.", "Mayor Denies Closing the Bridge."),
        ("The mayor denied it.\n\nThe council confirmed it.", ""),
        ("The mayor of Kest denied on Friday that the bridge\nhad been closed for repairs, and said that", ""),
        ("Mayor denies closing bridge", ""),  # all there is is a story, not a headline
        ("KEST (Northwire) — The mayor denied\n\nThe council confirmed it.", ""),
        ("Read more: ten things about Kest\n\nThe mayor denied it.", ""),
    ],
)
def test_a_headline_is_a_short_line_set_apart(text: str, title: str) -> None:
    assert read(text)[0].title == title


def test_the_container_is_believed_before_the_text() -> None:
    found, _ = read(
        STORY, title="Another headline", published="2031-03-11T23:30:00-02:00", url="https://www.kest.example/1"
    )
    assert found.title == "Another headline"
    assert found.published[0].start == datetime(2031, 3, 12, 1, 30, tzinfo=UTC)
    assert found.published[0].words == "2031-03-11T23:30:00-02:00"
    assert (found.url, found.outlet) == ("https://www.kest.example/1", "kest.example")
    assert read(STORY, url="javascript:alert(1)")[0].url == ""


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Mara Quill", "Mara Quill"),
        ("BY MARA QUILL AND JON VAN NESS", "MARA QUILL AND JON VAN NESS"),
        ("By Mara Quill in Port Hale", "Mara Quill"),
        ("By Mara Quill, Northwire", "Mara Quill, Northwire"),
        ("By Ömer Çelik-Ash | 12 March 2031", "Ömer Çelik-Ash"),
        ("By Monday the harbour was open again, the council said.", ""),
        ("By the time they came, it was closed", ""),
    ],
)
def test_bylines(line: str, names: str) -> None:
    assert read(f"Mayor denies closing bridge\n{line}\n\nThe mayor denied it.")[0].byline == names


@pytest.mark.parametrize(
    ("line", "start", "words"),
    [
        ("Published: 2031-03-12 14:05 GMT", "2031-03-12T14:05", "2031-03-12 14:05 GMT"),
        ("Wednesday, March 12th, 2031", "2031-03-12T00:00", "March 12th, 2031"),
        ("12 Mar 2031 at 2:05 pm", "2031-03-12T14:05", "12 Mar 2031 at 2:05 pm"),
        ("2031-03-12T08:15:00+02:00", "2031-03-12T06:15", "2031-03-12T08:15:00+02:00"),
        ("By Mara Quill | 12 March 2031", "2031-03-12T00:00", "12 March 2031"),
        ("PORT HALE, Norland, March 12, 2031 (Northwire) — The mayor denied it.", "2031-03-12T00:00", "March 12, 2031"),
    ],
)
def test_dates_near_the_top(line: str, start: str, words: str) -> None:
    (found,) = read(f"Mayor denies closing bridge\n\n{line}\n\nThe council confirmed it.")[0].published
    assert found.start.isoformat().startswith(start)
    assert found.words == words


@pytest.mark.parametrize(
    "line",
    [
        "Updated: 12 March 2031",
        "03/04/2031",  # two days in one
        "31 February 2031",
        "The council said on 12 March 2031 that the bridge had been closed since the storm.",
        "12 March 2031 was the day when the bridge was closed for good, the council said.",
    ],
)
def test_dates_that_are_not_the_reports_own(line: str) -> None:
    assert not read(f"Mayor denies closing bridge\n\n{line}\n\nThe mayor denied it.")[0].published


@pytest.mark.parametrize(
    ("said", "start", "hours"),
    [
        ("2031-03-12", "2031-03-12T00:00:00", 24),
        ("20 March 2031", "2031-03-20T00:00:00", 24),
        ("Wed, 12 Mar 2031 08:15:00 GMT", "2031-03-12T08:15:00", 1 / 3600),
        ("1930000000", "2031-02-27T23:06:40", 1 / 3600),
        ("yesterday", "2031-03-12T00:00:00", 24),
        ("2 hours ago", "2031-03-13T07:00:00", 1 / 60),
        ("March 2031", "2031-03-01T00:00:00", 31 * 24),
        ("13/04/2031", "2031-04-13T00:00:00", 24),
        ("12.03.2031", "2031-03-12T00:00:00", 24),
    ],
)
def test_a_containers_date_is_as_precise_as_its_words(said: str, start: str, hours: float) -> None:
    found, gaps = read("The mayor denied it.", published=said)
    (moment,) = found.published
    assert not gaps
    assert moment.start.isoformat() == f"{start}+00:00"
    assert (moment.end - moment.start).total_seconds() == round(hours * 3600)
    assert moment.words == said


@pytest.mark.parametrize("said", ["03/04/2031", "soon", "99999-99-99", "x" * 5000, "2031-02-31"])
def test_a_date_that_can_not_be_told_is_a_gap(said: str) -> None:
    found, gaps = read("The mayor denied it.", published=said)
    assert (found.published, causes(gaps)) == ((), ["date-unclear"])


def test_another_language_is_kept_and_said() -> None:
    found, gaps = read((SAMPLES / "spanish.txt").read_bytes())
    assert found.language == "es"
    assert causes(gaps) == ["not-english"]
    assert read("市长周五否认大桥已经关闭。市议会证实了这一点。")[1][0].cause == "not-english"


def test_a_few_words_are_taken_for_english() -> None:
    for text in ("El alcalde.", "Kest: 12", "!!!", "MAYOR DENIES CLOSING BRIDGE OVER THE RIVER"):
        assert read(text)[1] == ()


def test_a_long_text_takes_bounded_time() -> None:
    start = time.monotonic()
    for text in (
        "the ministry said that it had not seen the video and " * 100_000,  # one sentence, 5 MB
        "The ministry said that it had not seen the video.\n" * 100_000,
        "(" * 500_000,
        "PORT " * 200_000,
        " " * 2_000_000 + "x",
        "Reporting by A" * 100_000,
    ):
        found, _ = read(text)
        assert found.text == text
        assert len(found.repeats) <= 1001
    assert time.monotonic() - start < 20


def test_a_page_becomes_a_headline_and_paragraphs() -> None:
    found, gaps = read((SAMPLES / "article.html").read_bytes(), "text/html", charset="utf-8")
    assert not gaps
    lines = found.text.split("\n")
    assert lines[:2] == ["Norland ministry doubts harbour video", ""]
    assert lines[3].startswith("PORT HALE (Northwire) — The ministry of Norland said")
    assert all(lines[2:])  # one paragraph a line
    assert (found.title, found.byline) == ("Norland ministry doubts harbour video", "Mara Quill")
    assert (found.outlet, found.url) == (
        "The Eastern Ledger",
        "https://eastern-ledger.example/2031/03/12/harbour",
    )
    (published,) = found.published
    assert (published.start, published.words) == (
        datetime(2031, 3, 12, 6, 15, tzinfo=UTC),
        "2031-03-12T08:15:00+02:00",
    )
    assert notes(found.credits) == [("agency", "Northwire"), ("source", "Harbour Monitor")]
    assert notes(found.repeats) == [
        ("repeat", "A still of the video that was released on Tuesday."),
        ("boilerplate", "Read more: Ten things about Norland"),
    ]


def test_a_page_of_menus_is_no_report() -> None:
    found, gaps = report(given((SAMPLES / "menus-only.html").read_bytes(), "text/html"), NOW)
    assert (found, causes(gaps)) == ((), ["no-article"])


@pytest.mark.parametrize(
    "page",
    [
        "<html></html>",
        "<!-- -->",
        "<div>" * 3000,
        "<?xml version='1.0' encoding='utf-8'?><html/>",
        "<html><script>x</script>",
        "<" * 5000,
    ],
)
def test_a_page_without_content_is_no_report(page: str) -> None:
    found, gaps = report(given(page, "text/html"), NOW)
    assert (found, causes(gaps)) == ((), ["no-article"])


def test_a_fragment_and_a_short_page_are_read() -> None:
    assert read("<p>The mayor denied it.</p>", "text/html")[0].text == "The mayor denied it."
    found, _ = read((SAMPLES / "html-named.txt").read_bytes(), "text/html", url="https://www.kest.example/1")
    assert found.text == "Mayor denies claim\n\nThe mayor of Kest denied on Friday that the bridge had been closed."
    assert (found.outlet, found.url) == ("kest.example", "https://www.kest.example/1")


def test_a_pages_links_are_trusted_as_addresses_only() -> None:
    page = "<html><head><link rel=canonical href='javascript:alert(1)'></head><p>The mayor denied it.</p></html>"
    assert read(page, "text/html", url="https://kest.example/1")[0].url == "https://kest.example/1"


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    for page in ("<html></html>", "x", "<html><p>The mayor denied it.</p>"):
        report(given(page, "text/html"), NOW)
    assert capfd.readouterr() == ("", "")


def test_every_sample_is_read_or_said() -> None:
    items, _ = taken(SAMPLES)
    for one in items:
        found, gaps = report(one, NOW)
        assert found or gaps
