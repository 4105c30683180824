"""Looks that are handed over, host by host; what the commands say of work, and what the screen shows of it."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from house_samples import PlainReader
from input_samples import Pages
from watch_samples import KEST, MORNING, Desk, Site, article, feed

from purport.app import attending, working
from purport.app.alerting import Post
from purport.app.house import House
from purport.app.working import Tools
from purport.brief import handed
from purport.brief.screen import Screen
from purport.cli import main
from purport.collect.rules import EXAMPLE as RULES
from purport.core.errors import LedgerError, UsageError
from purport.core.watching import Source
from purport.core.work import Backlog, Fault, Hand, Order, Work
from purport.edges.feedfile import FeedFiles
from purport.edges.inline import Inline
from purport.edges.sqlite import open_sqlite
from purport.edges.webhook import WebHook
from purport.ledger.outbox import Outbox
from purport.preserve import Archive
from purport.watching import due

SARN = Source(name="Sarn Radio", kind="page", place="https://sarn.example/news")


@pytest.fixture
def site() -> Site:
    made = Site()
    elsewhere = "<item><guid>e</guid><title>E</title><link>https://cedar.example/e</link></item>"
    status, body, headers = feed("a", "b")
    made.pages["https://kest.example/feed.xml"] = (
        status,
        body.replace(b"</channel>", elsewhere.encode() + b"</channel>"),
        headers,
    )
    made.pages |= {f"https://{host}.example/{name}": article(f"The mayor said {name}.", name)
                   for host, name in (("kest", "a"), ("kest", "b"), ("cedar", "e"), ("sarn", "news"))}  # fmt: skip
    return made


@pytest.fixture
def tools(tmp_path: Path, site: Site) -> Iterator[Tools]:
    made = Desk(tmp_path, site)
    outbox = Outbox(open_sqlite(f"sqlite:///{tmp_path / 'purport.db'}"), "tester", site.now)
    post = Post(outbox, WebHook(), FeedFiles(), made.book, site)
    house = House(site, Pages(), made.steps.blobs, PlainReader(), made.book, made.view)
    with Archive(made.archives, site) as archive:
        desk = attending.Desk(made.lookout(archive), made.steps, made.view, Pages(), post)

        @contextmanager
        def at() -> Iterator[attending.Desk]:
            yield desk

        def none() -> None:
            raise AssertionError("not asked for")

        named = {source.name: source for source in (KEST, SARN)}
        yield Tools(lambda: house, at, none, none, site, named, pause=0.0)  # type: ignore[arg-type]


def hosts(site: Site) -> list[str]:
    return sorted({url.split("/")[2] for _, url in site.asked})


def test_what_is_due_is_an_order_for_each_host(tools: Tools):
    with tools.desk() as desk:
        assert due(desk.lookout, (KEST, SARN)) == {"kest.example": {"Kest Courier"}, "sarn.example": {"Sarn Radio"}}
    orders = list(working.looks({"kest.example": ["b", "a"], "": ["files", "more"]}))
    assert [(one.about, one.lock) for one in orders] == [
        (("", "files"), "folder files"),
        (("", "more"), "folder more"),
        (("kest.example", "a", "b"), "kest.example"),
    ]


def test_a_look_asks_its_host_alone_and_hands_over_the_rest(tools: Tools, site: Site):
    did = working.do(tools, Order(what="look", about=("kest.example", "Kest Courier"), lock="kest.example"))
    assert hosts(site) == ["kest.example"]
    look, page = did.follow
    assert (look.what, look.about) == ("look", ("cedar.example", "Kest Courier"))
    assert page.what == "page" and len(page.about) == 2
    assert did.said == "2 new"


def test_all_that_follows_makes_what_a_watch_makes(tools: Tools, site: Site):
    engine = Inline(lambda order: working.do(tools, order), site)
    with tools.desk() as desk:
        assert working.hand_over_looks(desk.lookout, engine, (KEST, SARN))[1] == 2
        reports = {report.url: len(list(desk.view.readings(report.id))) for report in desk.view.reports()}
        assert not list(desk.view.unread())
        assert not due(desk.lookout, (KEST, SARN)), "a source is due again after its time, not at once"
        site.at += timedelta(seconds=KEST.every + 1)
        assert due(desk.lookout, (KEST, SARN)) == {"kest.example": {"Kest Courier"}, "sarn.example": {"Sarn Radio"}}
    addresses = ("cedar.example/e", "kest.example/a", "kest.example/b", "sarn.example/news")
    assert reports == {f"https://{address}": 1 for address in addresses}


def test_pages_whose_reader_died_before_they_were_handed_over_are_found(tools: Tools, site: Site):
    look = Order(what="look", about=("kest.example", "Kest Courier"))
    lost = working.do(tools, look).follow[-1]
    again = working.do(tools, Order(what="look", about=look.about, tries=1))
    assert set(again.follow[-1].about) == set(lost.about)
    handed_over: list[Order] = []
    with tools.desk() as desk:
        engine = Inline(lambda order: handed_over.append(order) or working.Did(), site)  # type: ignore[func-returns-value]
        working.hand_over_looks(desk.lookout, engine, ())
        assert not handed_over, "somebody may be about to read them"
        site.at = MORNING + timedelta(hours=1)
        working.hand_over_looks(desk.lookout, engine, ())
    assert [set(order.about) for order in handed_over] == [set(lost.about)]


def test_a_look_that_takes_too_long_is_handed_over_again(tools: Tools, site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(working, "SLICE", -1.0)
    look = Order(what="look", about=("kest.example", "Kest Courier"), lock="kest.example", once="look kest.example")
    assert look in working.do(tools, look).follow


def test_a_worker_without_that_source_says_so(tools: Tools):
    with pytest.raises(UsageError, match="Give purport work"):
        working.do(replace(tools, sources={}), Order(what="look", about=("kest.example", "Kest Courier")))


def test_the_commands_teach_when_the_engine_is_inline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    status = CliRunner().invoke(main, ["status"])
    assert status.exit_code == 0 and "export PURPORT_LEDGER=postgresql" in status.output
    work = CliRunner().invoke(main, ["work"])
    assert work.exit_code == UsageError.code and "--engine jobs:" in work.output
    for command in (["work", "--queues", "read,write"], ["status", "--engine", "jobs:"], ["status", "--engine", "x"]):
        assert CliRunner().invoke(main, command).exit_code == UsageError.code


class Noting:
    """An engine that takes every order and does none."""

    later = True

    def __init__(self) -> None:
        self.taken: list[Order] = []

    def hand(self, orders: Iterable[Order]) -> int:
        some = list(orders)
        self.taken += some
        return len(some)


@pytest.fixture
def noting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Noting:
    monkeypatch.chdir(tmp_path)
    Path("sources.toml").write_text('[[sources]]\nname = "Kest Courier"\nfeed = "https://kest.example/feed.xml"\n')
    made = Noting()
    monkeypatch.setattr("purport.cli.watch.engine", lambda ctx: made)
    return made


def test_a_watch_that_hands_over_tells_programs_so(noting: Noting):
    told = CliRunner().invoke(main, ["watch", "--json"])
    assert [order.about for order in noting.taken] == [("kest.example", "Kest Courier")]
    (line,) = told.stdout.splitlines()
    assert (json.loads(line)["orders"], json.loads(line)["due"]) == (1, 1)


@pytest.mark.parametrize("option", [["--no-read"], ["--alerts", "rules.toml"]])
def test_what_a_watch_that_hands_over_can_t_do_is_refused(noting: Noting, option: list[str]):
    Path("rules.toml").write_text(RULES)
    told = CliRunner().invoke(main, ["watch", *option])
    assert told.exit_code == UsageError.code and "purport work" in told.output
    assert not noting.taken


def test_the_screen_tells_queues_workers_and_faults():
    at = MORNING
    hand = Hand(host="arn", process=7, queues=("read",), concurrency=1, began=at, seen=at - timedelta(seconds=120),
                silent=True)  # fmt: skip
    work = Work(
        engine="jobs:",
        at=at,
        queues=(Backlog(queue="read", waiting=3, later=1, things=40, oldest=(at - timedelta(hours=2),)),),
        hands=(hand,),
        faults=(Fault(queue="read", what="read", at=at, host="birk", said="It \x1b[31mfailed."),),
    )
    shown = Screen(width=120)
    with shown.capture() as told:
        handed.standing(work, shown)
    said = told.get()
    assert "3 = 40 reports (1 later)" in said and "2 h" in said
    assert "silent, heard of 2 min ago: others do its work" in said
    assert "read failed on birk: It" in said and "\x1b[31mfailed" not in said


def test_a_watch_for_ever_outlives_a_database_that_goes_away(noting: Noting, monkeypatch: pytest.MonkeyPatch):
    """It says so once, asks less and less often, says when it is back, and hands over what is due."""
    asked, waits, taken = [0], list[float](), noting.hand

    def hand(orders: Iterable[Order]) -> int:
        asked[0] += 1
        if asked[0] <= 3:
            raise LedgerError("The ledger can't be used: connection refused.")
        return taken(orders)

    def pause(seconds: float, stopped: object) -> None:
        waits.append(seconds)
        if len(waits) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(noting, "hand", hand)
    monkeypatch.setattr("purport.cli.watch.pause", pause)
    told = CliRunner().invoke(main, ["watch", "--every", "10m"])
    assert waits == [1.0, 2.0, 4.0, 10.0]
    assert [order.about for order in noting.taken] == [("kest.example", "Kest Courier")]
    away, back = told.stderr.splitlines()[:2]
    assert "connection refused. This goes on by itself when it is back." in away and "The database is back." in back
    assert "1 order handed over" in told.stdout


def test_a_single_watch_ends_when_the_database_is_away(noting: Noting, monkeypatch: pytest.MonkeyPatch):
    def hand(orders: Iterable[Order]) -> int:
        raise LedgerError("The ledger can't be used: connection refused.")

    monkeypatch.setattr(noting, "hand", hand)
    told = CliRunner().invoke(main, ["watch"])
    assert told.exit_code == LedgerError.code and "connection refused" in told.stderr
