"""What is read of what was taken: once, compared with what stood there before, and told where it fell short."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from house_samples import PlainReader
from watch_samples import KEST, Desk, Site, article, each, feed, outcomes

from purport.core.watching import Source
from purport.preserve import Archive
from purport.watching import unread
from purport.watching.unread import Read

PAGE = "https://kest.example/a"
LONG = "The mayor said that it was so. " + "The boats went out and came back in the evening as they always do. " * 60
WALL = (
    "Subscribe to read on. The mayor said that it was so, and that is all that you can read here today, since the rest "
    "of this article is for those who pay for it every month or once a year."
)


@pytest.fixture
def site() -> Site:
    made = Site()
    made.pages |= {"https://kest.example/feed.xml": feed("a"), PAGE: article("The mayor said it was so.")}
    return made


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Desk:
    return Desk(tmp_path, site)


def read(desk: Desk, most: int = 0) -> list[Read]:
    with Archive(desk.archives, desk.site, desk.view.ended()) as archive:
        return list(unread.pages(desk.lookout(archive), desk.steps, most))


def causes(desk: Desk) -> list[str]:
    return [one.cause for one in desk.view.gaps()]


def test_what_was_taken_is_read_once_oldest_first_and_as_much_as_there_is_time_for(desk: Desk, site: Site) -> None:
    names = [f"p{n}" for n in range(5)]
    site.pages["https://kest.example/feed.xml"] = feed(*names)
    site.pages |= {f"https://kest.example/{name}": article(f"The mayor said {name}.", name) for name in names}
    desk.watch()
    some = [one.outcome.reports[0].title for one in read(desk, most=2)]
    rest = [one.outcome.reports[0].title for one in read(desk)]
    assert some + rest == names
    assert read(desk) == []
    assert desk.view.counts()["readings"] == 5


def test_a_reading_that_was_cut_off_is_done_again(tmp_path: Path, site: Site) -> None:
    def stop(report: object) -> None:
        raise KeyboardInterrupt

    desk = Desk(tmp_path, site, PlainReader(spoil=stop))
    desk.watch()
    with suppress(KeyboardInterrupt):
        read(desk)
    assert desk.view.counts()["reports"] == 0
    again = Desk(tmp_path, site)
    assert [len(one.outcome.readings) for one in read(again)] == [1]
    counts = again.view.counts()
    assert (counts["captures"], counts["reports"], counts["readings"]) == (1, 1, 1)


def test_a_changed_page_is_read_beside_the_version_before(desk: Desk, site: Site) -> None:
    desk.watch()
    (first,) = read(desk)
    assert first.before == ()
    site.at += timedelta(hours=2)
    site.pages[PAGE] = article("The mayor denied that it was so.")
    desk.watch()
    (second,) = read(desk)
    assert second.before == first.outcome.reports
    assert (second.visit.outcome, second.outcome.reports[0].url) == ("changed", PAGE)
    assert causes(desk) == []


@pytest.mark.parametrize(
    "dressed",
    [
        lambda page: page.replace(b"<body>", b"<body><!-- served at 11:02 -->"),
        lambda page: page.replace(b"<title>", b"<meta name='token' content='f81'><title>"),
    ],
)
def test_other_bytes_around_the_same_article_are_no_new_version(
    desk: Desk, site: Site, dressed: Callable[[bytes], bytes]
) -> None:
    desk.watch()
    read(desk)
    site.at += timedelta(hours=2)
    page = site.pages[PAGE]
    assert isinstance(page, bytes)
    site.pages[PAGE] = dressed(page)
    assert ("same", "a") in outcomes(desk.watch())
    assert read(desk) == []
    assert desk.view.counts()["captures"] == 1


def test_a_page_that_says_with_200_that_it_is_gone_is_gone_and_may_come_back(desk: Desk, site: Site) -> None:
    desk.watch()
    read(desk)
    good = site.pages[PAGE]
    site.pages[PAGE] = b"<title>Page not found</title><h1>404</h1><p>This page does not exist.</p>"
    site.at += timedelta(hours=2)
    (visit,) = each(desk.watch(), "gone")
    assert (visit.cause, bool(visit.capture)) == ("says-so", True)
    site.pages[PAGE] = good
    site.at += timedelta(hours=10)
    assert ("same", "a") in outcomes(desk.watch())
    assert read(desk) == []


def test_text_that_fell_is_a_gap(desk: Desk, site: Site) -> None:
    site.pages[PAGE] = article(LONG)
    desk.watch()
    read(desk)
    site.at += timedelta(hours=2)
    site.pages[PAGE] = f"<title>The well</title><article><h1>The well</h1><p>{WALL}</p></article>".encode()
    desk.watch()
    read(desk)
    (gap,) = [one for one in desk.view.gaps() if one.cause == "text-fell"]
    assert gap.subject == PAGE
    assert gap.detail.startswith("Text extraction fell from 4,")


def test_a_feed_of_nothing_but_new_items_is_a_gap(desk: Desk, site: Site) -> None:
    desk.watch()
    site.at += timedelta(hours=1)
    site.pages["https://kest.example/feed.xml"] = feed("x", "a")
    desk.watch()
    assert causes(desk) == []
    site.pages["https://kest.example/feed.xml"] = feed("y", "z")
    site.at += timedelta(hours=1)
    desk.watch()
    (gap,) = [one for one in desk.view.gaps() if one.cause == "turned-over"]
    assert "All 2 items are new since the last look at 2031-03-13 10:" in gap.detail


def test_a_page_without_a_date_gets_that_of_its_feed(desk: Desk, site: Site) -> None:
    extra = "<pubDate>Wed, 12 Mar 2031 08:00:00 GMT</pubDate>"
    site.pages["https://kest.example/feed.xml"] = feed("a", extra=extra)
    desk.watch()
    ((moment,),) = [one.outcome.reports[0].published for one in read(desk)]
    assert moment.start.isoformat() == "2031-03-12T08:00:00+00:00"


def test_what_is_not_text_is_kept_and_said(desk: Desk, site: Site) -> None:
    site.pages[PAGE] = ("200 OK", b"%PDF-1.7 and so on", {"Content-Type": "application/pdf"})
    desk.watch()
    read(desk)
    assert causes(desk)[0] == "not-read"
    ((_, visits),) = desk.view.agenda("Kest Courier")
    assert desk.view.capture(visits[0].capture).media_type == "application/pdf"


def test_an_archive_that_is_gone_is_a_gap_for_each_page_and_the_rest_is_read(desk: Desk, site: Site) -> None:
    desk.watch()
    (archive,) = desk.archives.iterdir()
    archive.rename(archive.with_suffix(".lost"))
    (one,) = read(desk)
    assert one.outcome.reports == ()
    assert len(causes(desk)) == 1
    assert read(desk) == []  # it is told once


def test_a_folder_is_listed_and_its_files_are_read_again_when_they_change(desk: Desk, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    source = Source(name="inbox", kind="folder", place=str(inbox))
    assert desk.watch(KEST, source)[0].found == 0
    (inbox / "one.txt").write_text("The mayor said that it was so. Nobody else was there at that hour.\n")
    desk.site.at += timedelta(hours=1)
    (visit,) = [one for one in desk.watch(source) if one.source == "inbox"]
    assert (visit.found, visit.fresh) == (1, 1)
    assert desk.watch(Source(name="no", kind="folder", place=str(tmp_path / "none")))[0].cause == "missing"
