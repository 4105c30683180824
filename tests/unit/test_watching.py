"""The watch: what is due, how politely, what is booked, and that it goes on where it was."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from watch_samples import KEST, MORNING, Desk, Site, article, each, feed, outcomes, paths

from purport.core.watching import NEVER, Source


@pytest.fixture
def site() -> Site:
    made = Site()
    made.pages |= {
        "https://kest.example/feed.xml": feed("a", "b"),
        "https://kest.example/a": article("The mayor said it was so."),
        "https://kest.example/b": article("The mayor denied the rest."),
    }
    return made


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Desk:
    return Desk(tmp_path, site)


def test_a_feed_is_looked_at_and_what_it_lists_is_taken_once(desk: Desk, site: Site) -> None:
    visits = desk.watch()
    assert outcomes(visits) == [("new", "feed.xml"), ("new", "a"), ("new", "b")]
    assert (visits[0].found, visits[0].fresh) == (2, 2)
    assert paths(site) == ["robots.txt", "feed.xml", "a", "b"]
    site.pages["https://kest.example/feed.xml"] = feed("c", "a", "b")
    site.pages["https://kest.example/c"] = article("The council said no.")
    site.asked.clear()
    again = desk.watch()
    assert outcomes(again) == [("changed", "feed.xml"), ("new", "c")]
    assert (again[0].found, again[0].fresh) == (3, 1)
    assert paths(site) == ["feed.xml", "c"]  # robots.txt holds for a day, over a restart too


def test_every_exchange_is_kept_and_opens_again(desk: Desk, site: Site) -> None:
    visits = desk.watch()
    page = desk.view.capture(visits[1].capture)
    assert page.url == "https://kest.example/a"
    kept = next(desk.view.exchanges(id=visits[1].exchange))
    assert page.place == f"{kept.archive}#offset={kept.offset}"
    assert desk.payload(kept) == site.pages["https://kest.example/a"]
    robots = next(desk.view.exchanges(url="https://kest.example/robots.txt"))
    assert robots.status == 404


def test_a_host_is_left_alone_for_a_second_after_each_answer_and_others_are_not_held_up(desk: Desk, site: Site) -> None:
    site.slow["https://kest.example/a"] = 7.0
    other = Source(name="Ostrel", kind="feed", place="https://ostrel.example/feed")
    site.pages["https://ostrel.example/feed"] = feed()
    desk.watch(KEST, other)
    times = {url: at for at, url in site.asked}
    assert times["https://kest.example/feed.xml"] - times["https://kest.example/robots.txt"] >= 1.0
    assert times["https://kest.example/b"] - times["https://kest.example/a"] >= 8.0
    assert times["https://ostrel.example/feed"] < 2.0


def test_a_crawl_delay_is_kept_to(desk: Desk, site: Site) -> None:
    site.pages["https://kest.example/robots.txt"] = (
        "200 OK", b"User-agent: *\nCrawl-delay: 12\n", {"Content-Type": "text/plain"},
    )  # fmt: skip
    desk.watch()
    times = [at for at, _ in site.asked]
    assert all(later - sooner >= 12.0 for sooner, later in pairwise(times))


def test_what_robots_txt_denies_is_not_asked_for_and_said(desk: Desk, site: Site) -> None:
    site.pages["https://kest.example/robots.txt"] = b"User-agent: *\nDisallow: /a\n"
    visits = desk.watch()
    assert outcomes(visits) == [("new", "feed.xml"), ("refused", "a"), ("new", "b")]
    assert next(each(visits, "refused")).cause == "robots"
    assert "a" not in paths(site)


def test_without_its_robots_txt_a_host_is_not_asked(desk: Desk, site: Site) -> None:
    site.pages["https://kest.example/robots.txt"] = ("500 Internal Server Error", b"")
    visits = desk.watch()
    assert set(outcomes(visits)) == {("failed", "feed.xml")}
    assert "robots.txt could not be had" in visits[0].detail
    assert set(paths(site)) == {"robots.txt"}
    assert len(paths(site)) == 3  # within the patience of a single round


def test_what_fails_for_a_moment_is_tried_again_in_the_same_round(desk: Desk, site: Site) -> None:
    good = site.pages["https://kest.example/a"]
    site.pages["https://kest.example/a"] = Exception("disconnect")
    send = site.send

    def mending(request):  # type: ignore[no-untyped-def]
        if len([url for _, url in site.asked if url.endswith("/a")]) == 1:
            site.pages["https://kest.example/a"] = good
        send(request)

    site.send = mending  # type: ignore[method-assign]
    visits = desk.watch()
    assert sorted(outcomes(visits)[1:]) == [("failed", "a"), ("new", "a"), ("new", "b")]
    (outage,) = desk.view.outages()
    assert (outage.tries, outage.cause, len(outage.ended)) == (1, "disconnect", 1)


def test_what_goes_on_failing_is_left_for_later_rounds_and_given_up_at_last(desk: Desk, site: Site) -> None:
    site.pages["https://kest.example/a"] = ("403 Forbidden", b"no")
    visits = desk.watch()
    refused = next(each(visits, "failed"))
    assert refused.next - refused.at > timedelta(minutes=45)
    tries = 1
    while refused.next != NEVER:
        site.at = refused.next
        (refused,) = [one for one in desk.watch() if one.url.endswith("/a")]
        tries += 1
        assert refused.tries == tries
    assert tries == 8
    assert "Given up after 8 tries" in refused.detail
    site.at += timedelta(days=400)
    assert not [one for one in desk.watch() if one.url.endswith("/a")]
    (outage,) = [one for one in desk.view.outages() if one.item]
    assert (outage.tries, outage.ended) == (8, ())


def test_a_server_that_asks_for_time_gets_it(desk: Desk, site: Site) -> None:
    site.pages["https://kest.example/a"] = ("503 Service Unavailable", b"", {"Retry-After": "600"})
    visits = desk.watch()
    assert outcomes(visits) == [("new", "feed.xml"), ("failed", "a")]  # b waits as well
    assert visits[1].next == visits[1].at + timedelta(seconds=600)
    assert outcomes(desk.watch()) == []  # nor does a restart forget it
    site.at += timedelta(seconds=700)
    site.pages["https://kest.example/a"] = article("The mayor said so.")
    assert {("new", "a"), ("new", "b")} <= set(outcomes(desk.watch()))


def test_a_silent_host_is_not_asked_for_each_of_its_pages(desk: Desk, site: Site) -> None:
    names = [f"p{n}" for n in range(20)]
    site.pages["https://kest.example/feed.xml"] = feed(*names)
    for name in names:
        site.pages[f"https://kest.example/{name}"] = Exception("timeout")
    desk.watch()
    assert len([name for name in paths(site) if name.startswith("p")]) <= 3
    for name in names:
        site.pages[f"https://kest.example/{name}"] = article(f"The mayor said {name}.")
    site.at += timedelta(hours=1)
    assert len(list(each(desk.watch(), "new"))) == 20


def test_pages_are_looked_at_again_and_changes_and_their_end_are_dated(desk: Desk, site: Site) -> None:
    first = desk.watch()[1]
    site.at += timedelta(hours=2)
    site.pages["https://kest.example/a"] = article("The mayor denied it was so.")
    visits = desk.watch()
    assert sorted(outcomes(visits)) == [("changed", "a"), ("same", "b"), ("same", "feed.xml")]
    changed = next(each(visits, "changed"))
    before, after = desk.view.capture(first.capture), desk.view.capture(changed.capture)
    assert (before.taken, after.taken) == (first.at, changed.at)
    assert before.url == after.url
    site.at += timedelta(hours=4)
    del site.pages["https://kest.example/b"]
    gone = next(each(desk.watch(), "gone"))
    assert gone.url == "https://kest.example/b"
    assert gone.capture  # what it was is still known


def test_a_page_is_asked_whether_it_changed(desk: Desk, site: Site) -> None:
    site.pages["https://kest.example/a"] = ("200 OK", article("The mayor said so."), {"ETag": '"1"'})
    desk.watch()
    site.at += timedelta(hours=2)
    visits = desk.watch()
    assert ("same", "a") in outcomes(visits)
    assert [one.etag for one in site.requests if one.url.endswith("/a")] == ["", '"1"']
    last = next(desk.view.exchanges(url="https://kest.example/a"))
    assert last.status == 304
    assert desk.payload(last) == article("The mayor said so.")


def test_redirects_are_followed_politely_and_not_for_ever_nor_out_of_the_web(desk: Desk, site: Site) -> None:
    site.pages["https://kest.example/a"] = ("302 Found", b"", {"Location": "https://www.kest.example/a"})
    site.pages["https://www.kest.example/a"] = article("The mayor said so.")
    site.pages["https://www.kest.example/robots.txt"] = b"User-agent: *\nDisallow: /private\n"
    site.pages["https://kest.example/b"] = ("301 Moved Permanently", b"", {"Location": "file:///etc/passwd"})
    site.pages["https://kest.example/feed.xml"] = feed("a", "b", "c", "d")
    site.pages["https://kest.example/c"] = ("302 Found", b"", {"Location": "/c"})
    site.pages["https://kest.example/d"] = ("302 Found", b"", {"Location": "https://www.kest.example/private/d"})
    visits = {one.url.rpartition("/")[2]: one for one in desk.watch()}
    assert visits["a"].outcome == "new"
    assert desk.view.capture(visits["a"].capture).url == "https://www.kest.example/a"
    assert "https://www.kest.example/robots.txt" in [url for _, url in site.asked]
    assert visits["b"].cause == "not-an-address"
    assert (visits["c"].cause, paths(site).count("c")) == ("redirects", 6)
    assert visits["d"].cause == "robots"


def test_enclosures_are_taken_as_media(desk: Desk, site: Site) -> None:
    clip = "<enclosure url='https://media.example/clip.mp4' type='video/mp4' length='9'/>"
    site.pages["https://kest.example/feed.xml"] = feed("a", extra=clip)
    site.pages["https://media.example/clip.mp4"] = ("200 OK", b"\0\0\0\x18ftyp", {"Content-Type": "video/mp4"})
    visits = desk.watch()
    taken = next(one for one in visits if one.url.endswith("clip.mp4"))
    capture = desk.view.capture(taken.capture)
    assert (capture.kind, capture.media_type, taken.next) == ("media", "video/mp4", NEVER)
    assert not [one for one in desk.watch(Source(name="Quiet", kind="feed", place=KEST.place, media=False))
                if one.url.endswith("mp4")]  # fmt: skip


def test_feeds_cannot_name_files_of_this_machine(desk: Desk, site: Site) -> None:
    body = b"<rss version='2.0'><channel><title>t</title><item><guid>x</guid><title>T</title>"
    body += b"<link>file:///etc/passwd</link></item></channel></rss>"
    site.pages["https://kest.example/feed.xml"] = body
    visits = desk.watch()
    assert [one.outcome for one in visits] == ["new", "failed"]
    assert visits[1].next == NEVER
    assert paths(site) == ["robots.txt", "feed.xml"]


def test_what_is_no_feed_is_a_failure_with_its_cause(desk: Desk, site: Site) -> None:
    site.pages["https://kest.example/feed.xml"] = article("The mayor said so.")
    (visit,) = desk.watch()
    assert (visit.outcome, visit.cause) == ("failed", "not-a-feed")


def test_a_daemon_honours_each_sources_own_pace(desk: Desk, site: Site) -> None:
    often = Source(name="Often", kind="feed", place="https://often.example/feed", every=60)
    seldom = Source(name="Seldom", kind="feed", place="https://seldom.example/feed", every=600)
    site.pages |= {one.place: feed() for one in (often, seldom)}
    end = MORNING + timedelta(seconds=1230)
    desk.watch(often, seldom, until=lambda _: site.at >= end)
    times = [at for at, url in site.asked if url == often.place]
    assert len(times) == 21
    assert all(60 <= later - sooner < 62 for sooner, later in pairwise(times))
    assert len([at for at, url in site.asked if url == seldom.place]) == 3


def test_what_was_listed_and_not_taken_is_taken_next_time(desk: Desk, site: Site) -> None:
    stopped = desk.watch(until=lambda round: bool(round.found.listed))  # a kill between list and fetch
    assert outcomes(stopped) == [("new", "feed.xml")]
    assert sorted(outcomes(desk.watch())) == [("new", "a"), ("new", "b"), ("same", "feed.xml")]


def test_sources_stand_as_their_last_looks_say(desk: Desk, site: Site) -> None:
    site.pages["https://kest.example/feed.xml"] = feed("a", "b", "c", "d", "e")
    site.pages["https://kest.example/c"] = article("The council said no.")
    site.pages |= {f"https://kest.example/{name}": ("403 Forbidden", b"") for name in "de"}
    desk.watch()
    (standing,) = desk.view.standings()
    assert (standing.items, standing.taken, standing.failing) == (5, 3, 2)
    assert standing.reached == (standing.last.at,)
    site.pages["https://kest.example/feed.xml"] = Exception("unreachable")
    site.at += timedelta(hours=1)
    desk.watch()
    (standing,) = desk.view.standings()
    assert standing.last.tries == 3
    assert standing.reached[0] < standing.last.at
