"""Alerts: rules that say how they are mended, what they find, and that nothing is told twice or to the wrong place."""

import gzip
import json
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import httpx2
import pytest
import stamina
from desk_samples import Desk
from house_samples import PlainReader
from lxml import etree
from reader_samples import report

from purport.app import alerting
from purport.app.alerting import Post, deliver, of_absence, of_claims, of_edits, of_gap, tell
from purport.brief import alerts as say
from purport.collect.rules import EXAMPLE, read_rules
from purport.core.absence import Absence
from purport.core.alerts import Alert, Event, Rule, matched
from purport.core.edits import Version
from purport.core.errors import FetchError, RefusedAddressError, UsageError
from purport.core.records import Gap, gap
from purport.edges.feedfile import FeedFiles
from purport.edges.sqlite import open_sqlite
from purport.edges.webhook import WebHook
from purport.ledger.book import Book
from purport.ledger.outbox import Outbox
from purport.ledger.view import View
from purport.trace.edits import edits

NOW = datetime(2031, 5, 6, 9, 0, tzinfo=UTC)
TEXT = "The army denied that its drones had crossed the river. The mayor said the well is dry."
HOOK = "https://hooks.example/services/T0/secret"


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


class Hook:
    """Takes what it is handed, after so many refusals."""

    def __init__(self, *faults: Exception) -> None:
        self.faults, self.taken = list(faults), list[tuple[str, dict[str, object], bool]]()

    def post(self, url: str, data: bytes, key: str, allow_private: bool) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.taken.append((url, json.loads(data), allow_private))


def post(folder: Path, hook: Hook | WebHook, clock: Clock | None = None) -> Post:
    engine = open_sqlite(f"sqlite:///{folder / 'purport.db'}")
    clock = clock or Clock()
    return Post(Outbox(engine, "desk", clock.now), hook, FeedFiles(), Book(engine), clock)


def happened(text: str = TEXT, source: str = "harbour") -> list[Event]:
    found = report(text, outlet="Kelm Wire")
    ((reading, _),) = PlainReader().read([found])
    return list(of_claims(found, reading, NOW, source))


def rule(**fields: object) -> Rule:
    return Rule(**{"name": "r", "to": ("terminal",), **fields})  # type: ignore[arg-type]


def said(rules: Sequence[Rule], events: Sequence[Event]) -> list[str]:
    return [alert.event.said for alert in matched(rules, events)]


DENIED, SAID = "The army denied that its drones had crossed the river", "The mayor said the well is dry"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, [DENIED, SAID]),
        ({"act": ("deny",)}, [DENIED]),
        ({"act": ("deny", "say")}, [DENIED, SAID]),
        ({"stance": ("distanced",)}, []),
        ({"stance": ("plain",)}, [DENIED, SAID]),
        ({"outlet": ("kelm wire",)}, [DENIED, SAID]),
        ({"outlet": ("Kelm",)}, []),
        ({"source": ("Harbour",)}, [DENIED, SAID]),
        ({"source": ("port",)}, []),
        ({"language": ("en",)}, [DENIED, SAID]),
        ({"language": ("fr",)}, []),
        ({"actor": ("mayor",)}, [SAID]),
        ({"actor": ("river",)}, []),  # in the content, not in who speaks
        ({"words": ("drones",)}, [DENIED]),
        ({"words": ("drone",)}, []),  # whole words
        ({"words": ("drone*",)}, [DENIED]),
        ({"words": ("crossed the river",)}, [DENIED]),
        ({"words": ("river crossed",)}, []),
        ({"words": ("WELL", "quarry")}, [SAID]),
        ({"words": ("drones",), "actor": ("mayor",)}, []),
        ({"on": ("edit", "gone", "gap")}, []),
        ({"words": (".",)}, []),
        ({"words": ("(",)}, []),
    ],
)
def test_what_a_rule_finds(fields: dict[str, object], found: list[str]) -> None:
    assert said([rule(**fields)], happened()) == found


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("水位", "据报道水位上升", True),
        ("Café", "the cafe\u0301 in Sarrow", True),
        ("isn’t", "it isn't so", True),
        ("вода", "Водавысоко", False),
        ("вод*", "Вода высоко", True),
        ("air strike", "an air-strike on", True),
        ("*", "anything", False),
    ],
)
def test_words_in_other_scripts_and_forms(phrase: str, text: str, found: bool) -> None:
    event = Event(id="e", on="claim", said=text, at=NOW, words=text)
    assert bool(said([rule(words=(phrase,))], [event])) == found


def test_each_rule_finds_an_event_once_and_always_by_the_same_id() -> None:
    rules = [rule(name="a"), rule(name="b")]
    first = list(matched(rules, happened()))
    assert [alert.rule for alert in first] == ["a", "b", "a", "b"]
    assert len({alert.id for alert in first}) == 4
    assert [alert.id for alert in matched(rules, happened())] == [alert.id for alert in first]


def test_other_parties_are_told_of_alike() -> None:
    """With the names swapped in rules and texts, the same is found in the same places."""
    swapped = TEXT.replace("The army", "The x").replace("The mayor", "The army").replace("The x", "The mayor")
    mine = list(matched([rule(actor=("army",))], happened()))
    theirs = list(matched([rule(actor=("mayor",))], happened(swapped)))
    assert [alert.event.acts for alert in mine] == [alert.event.acts for alert in theirs] == [("deny",)]


def test_an_edit_is_found_by_what_was_before_and_after() -> None:
    before, after = (
        Version(found, PlainReader().read([found])[0][0].claims)
        for found in (report("The army said that it had left."), report("The army denied that it had left."))
    )
    events = list(of_edits(before, after, edits(before, after), NOW, "harbour"))
    assert said([rule(on=("edit",), act=("deny",))], events) == ["denial added: “said” became “denied” (The army)"]
    assert said([rule(act=("say",), actor=("army",), source=("harbour",))], events) == [events[0].said]
    assert events[0].evidence[1:3] == (after.report.id, after.report.capture)


def test_a_gap_and_a_page_gone_are_found() -> None:
    known = report("The mayor said the well is dry.", outlet="Kelm Wire")
    gone = of_absence(
        Absence("http-404", "There is no such page."), "https://wire.example/a", NOW, "visit-1", "h", [known]
    )
    missed = of_gap(gap("watch", "https://wire.example/b", "timeout", "It did not answer.", NOW), "h")
    assert said([rule(on=("gone",), words=("well",), outlet=("Kelm Wire",))], [gone, missed]) == [gone.said]
    assert said([rule(on=("gap",), words=("did not answer",))], [gone, missed]) == [missed.said]
    assert gone.said == "gone: https://wire.example/a: There is no such page."
    assert gone.evidence == ("visit-1", known.id, known.capture)


# ---- alerts.toml


def test_the_example_is_good() -> None:
    rules = read_rules(EXAMPLE, alerting.known_acts())
    assert [one.name for one in rules] == [
        "denials at the dam", "edits of the Harbour Wire", "videos at a distance", "what was missed of one source",
    ]  # fmt: skip
    assert rules[0].to == ("terminal", "feed:alerts.xml")
    assert rules[3].allow_private


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("", "no [[alerts]] table"),
        ("[[alerts]", "not TOML"),
        ("x = 1", "'x'; all there may be are tables named [[alerts]]"),
        ("alerts = 1", "no [[alerts]] table"),
        ("alerts = []", "no [[alerts]] table"),
        ("alerts = [1]", "no [[alerts]] table"),
        ('[[alerts]]\nact = "deny"', "Rule 1 has no name"),
        ('[[alerts]]\nname = " "', "Rule 1 has no name"),
        ('[[alerts]]\nname = "a"\nacts = "deny"', "Rule 'a': 'acts' means nothing here; there are name, to, on"),
        ('[[alerts]]\nname = "a"\nact = "denies"', "Rule 'a': act 'denies' is none of accuse, "),
        ('[[alerts]]\nname = "a"\nstance = "far"', "Rule 'a': stance 'far' is none of distanced, endorsed, plain"),
        ('[[alerts]]\nname = "a"\non = "edits"', "Rule 'a': on 'edits' is none of claim, edit, gap, gone"),
        ('[[alerts]]\nname = "a"\nwords = []', "Rule 'a': words is a text or a list of texts"),
        ('[[alerts]]\nname = "a"\nwords = ["x", " "]', "none of them empty"),
        ('[[alerts]]\nname = "a"\nwords = "*"', "none of them empty"),
        ('[[alerts]]\nname = "a"\nwords = 7', "Rule 'a': words is a text or a list"),
        ('[[alerts]]\nname = "a"\nto = "mail"', "Rule 'a': to 'mail' is none of terminal, feed:FILE.xml"),
        ('[[alerts]]\nname = "a"\nto = "feed:"', "none of terminal"),
        ('[[alerts]]\nname = "a"\nto = "ftp://u:secret@h/x"', "to 'ftp:…' is none of"),
        ('[[alerts]]\nname = "a"\nto = "https://"', "none of terminal"),
        ('[[alerts]]\nname = "a"\nto = "http://[x/secret"', "to 'http:…' is none of"),
        ('[[alerts]]\nname = "a"\nallow_private = "yes"', "Rule 'a': allow_private is true or false"),
        ('[[alerts]]\nname = "a"\n[[alerts]]\nname = "a"', "Two rules are named 'a'"),
    ],
)
def test_a_fault_in_the_rules_names_the_rule_and_the_mend(text: str, mend: str) -> None:
    with pytest.raises(UsageError) as error:
        read_rules(text, alerting.known_acts())
    assert mend in str(error.value)
    assert "secret" not in str(error.value)


# ---- delivery


def test_an_alert_is_told_once_at_each_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hook = Hook()
    rules = [rule(name="d", act=("deny",), to=("terminal", "feed:alerts.xml", HOOK))]
    for _ in range(3):  # the same is booked again, as after a kill
        told = list(tell(post(tmp_path, hook), rules, happened()))
        assert [one.event.said for one in told if isinstance(one, Alert)] == ([DENIED] if _ == 0 else [])
    assert [url for url, _, _ in hook.taken] == [HOOK]
    assert hook.taken[0][1]["said"] == DENIED
    assert len(feedparser.parse((tmp_path / "alerts.xml").read_text("utf-8")).entries) == 1


def test_another_place_or_rule_is_told_of_it_too(tmp_path: Path) -> None:
    hook = Hook()
    list(tell(post(tmp_path, hook), [rule(name="a", to=(HOOK,))], happened()))
    list(tell(post(tmp_path, hook), [rule(name="a", to=(HOOK, HOOK + "2")), rule(name="b", to=(HOOK,))], happened()))
    assert [(url, body["rule"]) for url, body, _ in hook.taken] == [
        (HOOK, "a"), (HOOK, "a"), (HOOK, "b"), (HOOK, "b"), (HOOK + "2", "a"), (HOOK + "2", "a"),
    ]  # fmt: skip


def test_what_a_webhook_did_not_take_is_a_gap_and_comes_again(tmp_path: Path) -> None:
    hook = Hook(FetchError("The webhook at hooks.example answered 500.", "http-status"))
    rules = [rule(to=(HOOK, "terminal"))]
    first = list(tell(post(tmp_path, hook), rules, happened()))
    gaps = [one for one in first if isinstance(one, Gap)]
    assert [(one.stage, one.subject, one.cause) for one in gaps] == [
        ("alert", "https://hooks.example/…", "http-status")
    ]
    assert len([one for one in first if isinstance(one, Alert)]) == 2  # other places are told all the same
    assert hook.taken == []
    assert list(deliver(post(tmp_path, hook), rules, ())) == []
    assert [body["said"] for _, body, _ in hook.taken] == [DENIED, SAID]
    assert [one.detail for one in View(open_sqlite(f"sqlite:///{tmp_path / 'purport.db'}")).gaps()] == [gaps[0].detail]


def test_nothing_is_asked_of_the_ledger_where_nothing_matches(tmp_path: Path) -> None:
    tools = post(tmp_path, Hook())
    asked: list[str] = []

    class Silent:
        def __getattr__(self, name: str) -> object:
            asked.append(name)
            raise AssertionError(name)

    deaf = Post(Silent(), tools.hook, tools.feeds, tools.writer, tools.clock)  # type: ignore[arg-type]
    assert list(tell(deaf, [rule(words=("quarry",))], happened())) == []
    assert asked == []


def test_after_a_day_it_is_not_tried_any_more(tmp_path: Path) -> None:
    clock, hook = Clock(), Hook(RefusedAddressError("“hooks.example” leads to 10.0.0.1."))
    (missed,) = tell(post(tmp_path, hook, clock), [rule(to=(HOOK,))], happened())
    assert isinstance(missed, Gap)
    assert missed.cause == "refused-address"
    clock.time += timedelta(hours=25)
    assert list(deliver(post(tmp_path, hook, clock), [rule(to=(HOOK,))], ())) == []
    assert hook.taken == []


def test_a_kill_between_two_alerts_repeats_none_that_was_taken(tmp_path: Path) -> None:
    class Killed(BaseException):
        pass

    class Dying(Hook):
        def post(self, url: str, data: bytes, key: str, allow_private: bool) -> None:
            if self.taken:
                raise Killed
            super().post(url, data, key, allow_private)

    dying, rules = Dying(), [rule(to=(HOOK,))]
    with pytest.raises(Killed):
        list(tell(post(tmp_path, dying), rules, happened()))
    hook = Hook()
    list(tell(post(tmp_path, hook), rules, happened()))
    assert [body["said"] for _, body, _ in (*dying.taken, *hook.taken)] == [DENIED, SAID]


def test_private_addresses_are_for_the_rule_that_allows_them(tmp_path: Path) -> None:
    hook = Hook()
    rules = [rule(name="a", to=(HOOK,)), rule(name="b", to=("http://127.0.0.1/x",), allow_private=True)]
    list(tell(post(tmp_path, hook), rules, happened()[:1]))
    assert [(url, private) for url, _, private in hook.taken] == [(HOOK, False), ("http://127.0.0.1/x", True)]


def test_the_ledger_holds_no_webhook_s_address(tmp_path: Path) -> None:
    list(tell(post(tmp_path, Hook(FetchError("No."))), [rule(to=(HOOK,))], happened()))
    list(deliver(post(tmp_path, Hook()), [rule(to=(HOOK,))], ()))
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert DENIED.encode() in held
    assert b"secret" not in held


def test_a_feed_that_cannot_be_written_is_a_gap_and_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rules = [rule(to=("feed:out/alerts.xml",))]
    (missed,) = tell(post(tmp_path, Hook()), rules, happened())
    assert isinstance(missed, Gap)
    assert missed.cause == "feed"
    assert "name a file in a folder that is there" in missed.detail
    (tmp_path / "out").mkdir()
    assert list(deliver(post(tmp_path, Hook()), rules, ())) == []
    assert len(feedparser.parse((tmp_path / "out" / "alerts.xml").read_text("utf-8")).entries) == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["alerts.xml"]
    assert (tmp_path / "out" / "alerts.xml").stat().st_mode & 0o777 == 0o644


# ---- the feed

NASTY = "The army said \x1b[31m<b>&amp;\x00 \ud800]]> “x”"


def alert(number: int, text: str = DENIED, **fields: object) -> Alert:
    event = Event(
        **{"id": f"claim-{number}", "on": "claim", "said": text, "at": NOW + timedelta(minutes=number), **fields}
    )  # type: ignore[arg-type]
    return next(matched([rule()], [event]))


def test_the_feed_is_atom_with_stable_ids() -> None:
    made = [alert(2, url="https://wire.example/b", acts=("deny",), evidence=("claim-2", "report-1")), alert(1)]
    text = say.feed(made, "alerts.xml")
    root = etree.fromstring(text.encode())
    assert root.tag == f"{{{say.ATOM}}}feed"
    for element in (root, *root.findall(f"{{{say.ATOM}}}entry")):  # RFC 4287, 4.1.1 and 4.1.2: each exactly once
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{{{say.ATOM}}}{name}")) == 1
    read = feedparser.parse(text)
    assert (read.version, read.bozo) == ("atom10", False)
    assert [entry.id for entry in read.entries] == [f"tag:purport.invalid,2026:{one.id}" for one in made]
    assert read.feed.updated == "2031-05-06T09:02:00Z"
    assert read.entries[0].link == "https://wire.example/b"
    assert "purport show claim-2" in read.entries[0].content[0].value
    assert say.feed(made, "alerts.xml") == text


def test_nothing_in_an_alert_breaks_the_feed_or_runs_in_it() -> None:
    read = feedparser.parse(say.feed([alert(1, NASTY, title=NASTY, url="javascript:alert(1)")], "a.xml"))
    assert not read.bozo
    assert "links" not in read.entries[0]
    assert read.entries[0].title.startswith("r: The army said \ufffd[31m<b>&amp;\ufffd")


def test_no_media_is_in_any_form_of_an_alert() -> None:
    one = alert(1, url="https://wire.example/a", evidence=("claim-1",))
    text = say.feed([one], "a.xml") + json.dumps(say.as_json(one))
    assert not any(word in text for word in ("<img", "<media", "enclosure", "image/", "video/", "data:"))


def test_the_feed_holds_the_newest_200(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    events = [Event(id=f"claim-{n}", on="claim", said=f"number {n}", at=NOW + timedelta(seconds=n)) for n in range(205)]
    list(tell(post(tmp_path, Hook()), [rule(to=("feed:a.xml",))], events))
    titles = [entry.title for entry in feedparser.parse((tmp_path / "a.xml").read_text("utf-8")).entries]
    assert (len(titles), titles[0], titles[-1]) == (200, "r: number 204", "r: number 5")


# ---- the webhook


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


def resolve(host: str, port: int) -> list[str]:
    if host == "hooks.example":
        return ["93.184.216.34"]
    if host == "inside.example":
        return ["10.0.0.7"]
    if host.replace(".", "").isdigit():
        return [host]
    raise socket.gaierror(-2, "Name or service not known")


def webhook(*answers: int | Exception) -> tuple[WebHook, list[httpx2.Request]]:
    waiting, requests = list(answers), list[httpx2.Request]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        found = waiting.pop(0)
        if isinstance(found, Exception):
            raise found
        return httpx2.Response(found, headers={"location": "http://127.0.0.1/"})

    return WebHook(httpx2.MockTransport(answer), resolve), requests


def test_a_webhook_gets_json_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    hook, requests = webhook(204)
    hook.post("https://us%40er:p%3Ass@hooks.example/T0/secret?x=1", b'{"a": 1}', "alert-1", False)
    (request,) = requests
    assert (request.method, str(request.url), request.content) == (
        "POST",
        "https://hooks.example/T0/secret?x=1",
        b'{"a": 1}',
    )
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == "alert-1"
    assert request.headers["authorization"] == "Basic dXNAZXI6cDpzcw=="
    assert "secret" not in caplog.text


@pytest.mark.parametrize("fault", [429, 503, httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow")])
def test_what_may_pass_is_tried_again(fault: int | Exception) -> None:
    hook, requests = webhook(fault, fault, 200)
    hook.post(HOOK, b"{}", "k", False)
    assert len(requests) == 3


@pytest.mark.parametrize(
    ("fault", "cause", "told", "tries"),
    [
        (503, "http-status", "answered 503 Service Unavailable", 3),
        (404, "http-status", "answered 404 Not Found; mend its address in alerts.toml", 1),
        (302, "http-status", "answered 302 Found; mend", 1),  # not followed
        (799, "http-status", "answered 799; mend", 1),
        (httpx2.ReadTimeout("slow"), "timeout", "did not answer within 30 seconds", 3),
        (httpx2.ConnectError("no"), "fetch", "could not be reached (ConnectError)", 3),
    ],
)
def test_what_does_not_pass_is_told_without_the_address(
    fault: int | Exception, cause: str, told: str, tries: int
) -> None:
    hook, requests = webhook(*[fault] * 3)
    with pytest.raises(FetchError) as error:
        hook.post(HOOK, b"{}", "k", False)
    assert (error.value.cause, len(requests)) == (cause, tries)
    assert told in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("place", ["http://127.0.0.1/x", "http://inside.example/x", "http://169.254.169.254/latest"])
def test_a_private_address_is_refused_unless_it_is_allowed(place: str) -> None:
    hook, requests = webhook(200)
    with pytest.raises(RefusedAddressError):
        hook.post(place, b"{}", "k", False)
    assert not requests
    hook.post(place, b"{}", "k", True)
    assert len(requests) == 1


def test_a_name_that_is_nobody_s_is_told() -> None:
    hook, _ = webhook(200)
    with pytest.raises(FetchError, match=r"nobody\.example"):
        hook.post("https://nobody.example/secret", b"{}", "k", False)


# ---- the commands


def two_versions(desk: Desk) -> None:
    for name, text in (
        ("1", "The video shows fighters at the dam."),
        ("2", "The video purportedly shows fighters at the dam."),
    ):
        head = '<html><head><title>Dam</title><link rel="canonical" href="https://wire.example/dam"></head><body>'
        more = "The mayor said the well was dry, and that the road to Mirova would be closed for two days at least."
        desk.run(
            "read",
            desk.put(f"{name}.html", f"{head}<article><h1>Dam</h1><p>{text}</p><p>{more}</p></article></body></html>"),
        )


@pytest.mark.usefixtures("quick")
def test_edits_are_shown_in_each_form(desk: Desk) -> None:
    desk.run("read", desk.put("a.txt", "The mayor said the well was dry."))
    assert "Searched: 1 report, " in desk.run("edits", code=7).output
    two_versions(desk)
    assert "“shows” became “purportedly shows” (The video)" in desk.run("edits").output
    assert "the page says nothing of it" in desk.run("edits").output
    beside = desk.run("edits", "--side-by-side").output
    assert "[-shows-]" in beside
    assert "{+purportedly shows+}" in " ".join(beside.split()) or "{+purportedly" in beside
    (line,) = desk.lines("edits", "https://wire.example/dam", "--json")
    assert (line["kind"], line["how"], line["noted"]) == ("stance", "changed", False)
    assert (line["before"]["words"], line["after"]["words"]) == ("shows", "purportedly shows")
    assert desk.lines("edits", line["after"]["report"], "--json") == [line]
    desk.run("edits", "-o", "edits.html")
    page = (desk.folder / "edits.html").read_text("utf-8")
    assert "<del>shows</del>" in page
    assert "<ins>purportedly shows</ins>" in page
    assert "<script" not in page
    assert "http-equiv" in page


@pytest.mark.usefixtures("quick")
def test_edits_say_what_is_wrong_with_the_call(desk: Desk) -> None:
    two_versions(desk)
    desk.run("read", desk.put("b.txt", "The mayor said the lake was deep."))
    lone = next(line["report"] for line in desk.lines("claims", "--json") if "lake" in line["text"]["content"])
    assert "has no address" in desk.run("edits", lone, code=7).output
    assert "holds no report of https://no.example/" in desk.run("edits", "https://no.example/", code=7).output
    assert "ends in .html" in desk.run("edits", "-o", "edits.pdf", code=2).output
    assert "ends in .html" in desk.run("edits", "-o", "no/edits.html", code=2).output


@pytest.mark.usefixtures("quick")
def test_rules_are_tried_out_without_telling_anybody(desk: Desk) -> None:
    two_versions(desk)
    rules = desk.put("alerts.toml", '[[alerts]]\nname = "dam"\nwords = "dam"\nto = "http://10.0.0.1/secret"\n')
    output = desk.run("alerts", "--test", rules).output
    assert "dam → http://10.0.0.1/…" in output
    assert "nothing was sent" in output
    assert "secret" not in output
    assert {line["on"] for line in desk.lines("alerts", "--test", rules, "--json")} == {"claim"}
    assert "No rule has told anything yet" in desk.run("alerts").output
    assert desk.run("alerts", "--json").output == ""


def test_the_example_and_faults_of_rules(desk: Desk) -> None:
    assert desk.run("alerts", "--example").output == EXAMPLE
    assert (
        "Rule 'a': act 'denies'"
        in desk.run("alerts", "--test", desk.put("a.toml", '[[alerts]]\nname = "a"\nact = "denies"'), code=2).output
    )
    assert "can't be read" in desk.run("alerts", "--test", "none.toml", code=2).output
    assert "not UTF-8" in desk.run("alerts", "--test", desk.put("b.toml", gzip.compress(b"x")), code=2).output


def test_what_was_told_is_listed(desk: Desk) -> None:
    list(tell(post(desk.folder, Hook()), [rule(name="all", to=("terminal",))], happened()))
    assert "all: The army denied that its drones" in " ".join(desk.run("alerts").output.split())
    assert [line["said"] for line in desk.lines("alerts", "--json", "--limit", "1")] == [SAID]
