"""`purport watch` and `purport sources` as they are typed, over outlets on loopback."""

import fcntl
import os
import signal
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from desk_samples import Desk
from house_samples import PlainReader
from watch_samples import article, feed
from web_samples import Server, Today, response, serving

from purport.core.watching import Visit
from purport.watching import Round, Watch

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
RULES = '[[alerts]]\nname = "all"\non = ["claim", "edit", "gone"]\nto = "terminal"\n'


class Outlet:
    """Pages that a test may change; what is not there is a 404."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.status = "200 OK"
        self.clock = Today()

    def publish(self, *names: str) -> None:
        _, body, _ = feed(*names)  # type: ignore[misc]
        self.pages["/feed.xml"] = body.replace(b"https://kest.example", b"")
        for name in names:
            self.pages.setdefault(f"/{name}", article(f"The mayor said that {name} was so.", name))

    def talk(self, to: socket.socket, path: str) -> None:
        found = self.pages.get(path)
        if found is None or not self.status.startswith("200"):
            to.sendall(response(b"none", "404 Not Found" if found is None else self.status))
        else:
            to.sendall(response(found))


@pytest.fixture
def outlet(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outlet]:
    monkeypatch.setattr("purport.wiring.open_reader", lambda *_: PlainReader())
    monkeypatch.setattr("purport.watching.watch.PATIENCE", 0.0)  # what failed is left to the next watch
    made = Outlet()
    monkeypatch.setattr("purport.wiring.SystemClock", lambda: made.clock)
    made.publish("a", "b")
    with serving(made.talk) as server:
        desk.put("sources.toml", table(server))
        yield made


def table(server: Server) -> str:
    return (
        f'[[sources]]\nname = "Kest Courier"\nfeed = "{server.url("/feed.xml")}"\n'
        'allow_private = true\ndelay = "0s"\nagain = "1s"\n'
    )


def test_a_watch_shows_what_is_new_and_the_sources_stand_well(desk: Desk, outlet: Outlet) -> None:
    shown = desk.run("watch").stdout
    assert "Kest Courier: 2 new items of 2" in shown
    assert "1 source looked at · 2 new items · 2 new · 2 reports read · 2 claims" in shown
    (standing,) = desk.lines("sources", "--json")
    assert (standing["health"], standing["items"], standing["taken"], standing["failing"]) == ("well", 2, 2, 0)
    assert (standing["last_success"], standing["next_look"]) == ("2031-03-13T09:00:00Z", "2031-03-13T09:10:00Z")
    assert "Kest Courier  well" in desk.run("sources").stdout
    assert desk.run("watch", "--read").stdout.startswith("0 sources looked at")  # all of it is read
    desk.run("verify")


def test_fetching_and_reading_may_be_two_steps(desk: Desk, outlet: Outlet) -> None:
    assert "read" not in desk.run("watch", "--no-read").stdout
    kinds = [("report" in line, line.get("outcome", "")) for line in desk.lines("watch", "--read", "--json")]
    assert kinds == [(True, "")] * 2


def test_an_edit_and_an_end_are_told_to_who_wants_to_hear_of_them(desk: Desk, outlet: Outlet) -> None:
    desk.put("alerts.toml", RULES)
    assert desk.run("watch", "--alerts", "alerts.toml").stdout.count("all: ") == 2
    outlet.pages["/a"] = article("The mayor denied that a was so.", "a")
    del outlet.pages["/b"]
    outlet.clock.at += timedelta(hours=2)
    shown = desk.run("watch", "--alerts", "alerts.toml").stdout
    assert "changed Kest Courier" in shown
    assert "the page says nothing of it" in shown
    assert "gone    Kest Courier" in shown
    assert "all: gone “b”" in shown
    assert "1 changed · 1 gone" in shown


def test_what_was_not_reached_is_one_gap_however_often_it_was_tried(desk: Desk, outlet: Outlet) -> None:
    desk.run("watch")
    outlet.status = "500 Internal Server Error"
    shown = desk.run("watch").stdout
    assert "answered 500 Internal Server Error" in shown
    assert "What was missed: purport gaps." in shown
    (standing,) = desk.lines("sources", "--json")
    assert (standing["failures"], standing["cause"]) == (1, "http-status")
    (gap,) = [one for one in desk.lines("gaps", "--json") if one["subject"].endswith("/feed.xml")]
    assert "“Kest Courier” was not reached since " in gap["detail"]
    assert "(1 try)" in gap["detail"]
    assert desk.lines("gaps", "--json", "--source", "Kest Courier") == desk.lines("gaps", "--json")
    assert desk.lines("gaps", "--json", "--since", "2001-01-01") == desk.lines("gaps", "--json")
    assert "There are Kest Courier." in desk.run("gaps", "--source", "Kest", code=7).stderr
    assert "is no time" in desk.run("gaps", "--since", "yesterday", code=2).stderr
    nothing = desk.run("search", "lighthouse", code=7).stderr
    assert "Searched: 2 claims of 2 reports, taken 13 March 2031, 09:00 UTC." in nothing
    assert "what was published while 1 source was not reached for" in nothing


def test_nothing_to_watch_is_said_with_the_mend(desk: Desk) -> None:
    assert "purport watch --example > sources.toml" in desk.run("sources").stdout
    assert "purport watch --example > sources.toml" in desk.run("watch", code=2).stderr
    desk.put("sources.toml", desk.run("watch", "--example").stdout)
    assert "not looked at yet" in desk.run("sources").stdout
    assert "write a number with s, m, h or d" in desk.run("watch", "--every", "often", code=2).stderr
    assert "give one of them" in desk.run("watch", "--read", "--no-read", code=2).stderr
    assert "alerts.toml" in desk.run("watch", "--alerts", "none.toml", code=2).stderr


def test_one_watch_at_a_time_works_on_a_ledger(desk: Desk, outlet: Outlet) -> None:
    with (desk.folder / "purport.watch").open("w+") as file:
        file.write("4711\n")
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "Another watch works on this ledger already (process 4711)" in desk.run("watch", code=2).stderr
        desk.run("watch", "--read")
    desk.run("watch", "--no-read")
    assert (desk.folder / "purport.watch").read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_watch_that_is_asked_to_stop_books_what_came_in(
    desk: Desk, outlet: Outlet, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    book = Watch._book

    def stopping(watch: Watch, founds: list) -> Round:  # type: ignore[type-arg]
        if any(found.listed for found in founds):
            os.kill(os.getpid(), number)
        return book(watch, founds)

    monkeypatch.setattr(Watch, "_book", stopping)
    before = signal.getsignal(number)
    visits = [line for line in desk.lines("watch", "--every", "1h", "--json") if "outcome" in line]
    assert [(one["url"].rpartition("/")[2], one["found"]) for one in visits] == [("feed.xml", 2)]
    assert signal.getsignal(number) is before
    monkeypatch.undo()
    os.chdir(desk.folder)
    monkeypatch.setattr("purport.wiring.open_reader", lambda *_: PlainReader())
    monkeypatch.setattr("purport.wiring.SystemClock", lambda: outlet.clock)
    again = {one["url"].rpartition("/")[2]: one["outcome"] for one in desk.lines("watch", "--json") if "outcome" in one}
    assert again == {"feed.xml": "same", "a": "new", "b": "new"}


def test_a_file_dropped_into_a_watched_folder_is_read_once(desk: Desk, outlet: Outlet) -> None:
    desk.put("inbox/one.txt", "The ministry denied that its fighters had left. Nothing else happened that day.\n")
    desk.put("sources.toml", '[[sources]]\nname = "inbox"\nfolder = "inbox"\n')
    assert "1 report read" in desk.run("watch").stdout
    assert "read" not in desk.run("watch").stdout
    desk.put("inbox/one.txt", "The ministry confirmed that its fighters had left. Nothing else happened then.\n")
    assert "1 report read" in desk.run("watch").stdout


def test_visits_are_records(desk: Desk, outlet: Outlet) -> None:
    fields = set(Visit.__struct_fields__)
    assert all(set(line) == fields for line in desk.lines("watch", "--no-read", "--json"))
