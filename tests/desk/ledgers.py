"""Ledgers to look at through the desk: an empty one, the demo with what a week of work adds to it, and a hostile one.

Every place, group, outlet and person is made up.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import film_samples as films
import house_samples as samples
import msgspec
import sound_samples as sounds
from argon2 import PasswordHasher

from purport import app
from purport.app import House, admitting, briefing, looking
from purport.app.admitting import Staff
from purport.brief import demo
from purport.core.briefs import approach
from purport.core.custody import Deed
from purport.core.origins import DENIED, Event
from purport.core.ports import Reader, Writer
from purport.core.records import Query
from purport.core.transcript import Heard, Said, Seen, Shown, Withheld
from purport.core.watching import Visit
from purport.desk.limits import Limits
from purport.desk.premises import Premises
from purport.edges.argon import Argon
from purport.edges.people import open_people
from purport.footage.worded import Words
from purport.pipeline import Scribe
from purport.wiring import Config, open_house, open_studio, open_vault

NOW = datetime(2031, 3, 13, 9, 0, tzinfo=UTC)

BEFORE = (
    "The harbour master said the pier is safe. The union claimed that 12 dockers were hurt in the fall of the crane. "
    "The ministry has not spoken about the crane since Monday."
)
AFTER = (
    "The harbour master said the pier is closed. The union claimed that 14 dockers were hurt in the fall of the crane. "
    "The ministry denied that the crane had been repaired badly."
)
ARABIC = "قال الناطق باسم الميناء إن الرصيف آمن. ونفت النقابة أن يكون أحد قد أصيب في سقوط الرافعة يوم الاثنين الماضي."
SCRIPT = "<script>alert(1)</script>"
HOSTILE = (
    f'The clerk said "{SCRIPT}" and that <img src=x onerror=alert(2)> was safe. '
    "The mayor denied that javascript:alert(3) had been seen by '\"><svg onload=alert(4)>.\n"
    "The \u202eyalp\u202c said that &lt;b&gt; is bold {{ 7 * 7 }} {% raw %}.\n"
)


class Then:
    """A clock that stands still, so that pages are the same whenever they are made."""

    def now(self) -> datetime:
        return NOW


def premises(folder: Path, reader: Reader | None = None) -> Premises:
    config = Config(ledger=f"sqlite:///{folder / 'purport.db'}", who="desk@test")
    house = replace(open_house(config), clock=Then())
    return Premises(replace(house, reader=reader) if reader else house, open_vault(config), key=bytes(32))


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


PASSWORD = "quiet harbour nine lamps"
PEOPLE = {"ann": "admin", "lea": "lead", "vic": "reviewer", "bo": "reader"}


def staffed(here: Premises, folder: Path, people: Mapping[str, str] = PEOPLE, **more: object) -> Premises:
    """The same desk with accounts, one of each role, and a clock that can be set."""
    file = open_people(folder / "purport.people")
    hasher = Argon(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    staff = Staff(file, file, file, hasher, here.vault.writer, Clock())
    for name, role in people.items():
        admitting.add(staff, name, role, PASSWORD)
    return replace(here, staff=(staff,), limits=Limits(), **more)  # type: ignore[arg-type]


def take(house: House, *places: object) -> None:
    for _ in app.read(house, [str(place) for place in places]):
        pass


def lines(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def fill(here: Premises, folder: Path) -> None:
    """The demo, and beside it a page that was edited, a right-to-left report, gaps, watched sources, a failed deed."""
    page = {"url": "https://kest.example/crane", "title": "Crane falls at Kest", "published": "2031-03-12"}
    take(here.house, *demo.places())
    take(here.house, lines(folder / "morning.jsonl", page | {"text": BEFORE}))
    take(here.house, lines(folder / "evening.jsonl", page | {"text": AFTER}))
    other = {
        "url": "https://sailor.example/1",
        "title": "A crane, again",
        "published": "2031-03-12",
        "text": f"{AFTER} The mayor said it was old.",
    }
    take(here.house, lines(folder / "other.jsonl", other))
    (folder / "arabic.txt").write_text(f"الرصيف آمن\n\n{ARABIC}\n", encoding="utf-8")
    (folder / "nothing.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 4)
    take(here.house, folder / "arabic.txt", folder / "nothing.txt", folder / "binary.txt")
    issue(here.house)
    watch(here.house.writer)
    here.house.writer.add(entries=[Deed("verify", (), "done")])
    here.house.writer.add(
        entries=[Deed("stamp", ("http://stamp.example/tsr",), "failed", "The authority did not answer.")]
    )


def issue(house: House) -> None:
    """A brief of the demo's story that is out, with a mark on it: somebody denies what it rests on."""
    found = [
        next(iter(house.view.best_claims(Query(words=words), 1)))[0].id for words in ("accused cutting", "rejected")
    ]
    brief = briefing.begin(house, found[0], "The power lines of the marsh", "kim").brief
    briefing.add(house, brief, found, "", "kim")
    briefing.ask(house, brief, approach("The ministry", "declined", "Monday", "by letter"), "kim")
    briefing.issue(house, brief, "lea")
    looking.tell(house, Event(found[0], DENIED, "the grid’s owner denies it"))


def watch(writer: Writer) -> None:
    """Three sources: one well, one that can't be reached since the night, one with a page that is not taken."""
    writer.add(visits=list(visits()))


def visits() -> Iterable[Visit]:
    for name, fails in (("Kest Courier", 0), ("Ostrel Post", 3), ("Harbour board", 0)):
        url = f"https://{name.lower().replace(' ', '-')}.example/feed.xml"
        yield visit(name, url, 0, NOW - timedelta(hours=8), "same")
        for number in range(fails):
            yield visit(name, url, number + 1, NOW - timedelta(hours=6 - number), "failed")


def visit(source: str, url: str, tries: int, at: datetime, outcome: str) -> Visit:
    return Visit(
        id=f"visit-{source.replace(' ', '')}{tries}",
        source=source,
        url=url,
        at=at,
        outcome=outcome,
        cause="timeout" if tries else "",
        detail="The host did not answer within 30 seconds; it is tried again later." if tries else "",
        tries=tries,
        looks=0 if tries else 12,
        found=20,
        next=at + timedelta(hours=4),
    )


def poison(here: Premises, folder: Path) -> None:
    """Reports whose every field tries to be more than words."""
    name = folder / "<img src=x onerror=alert(5)>.txt"
    name.write_text(HOSTILE, encoding="utf-8")
    take(here.house, name)
    row = {
        "id": SCRIPT,
        "url": "javascript:alert(6)//https://x.example/",
        "title": f"{SCRIPT}\"'><b>title</b>",
        "outlet": f"</title>{SCRIPT}",
        "byline": SCRIPT,
        "published": "2031-03-12",
        "text": HOSTILE,
    }
    take(here.house, lines(folder / "rows.jsonl", row))
    (folder / f"{SCRIPT.replace('/', '')}.txt").write_bytes(b"")
    take(here.house, folder / f"{SCRIPT.replace('/', '')}.txt")
    here.house.writer.add(
        visits=[visit(f"{SCRIPT}", f"https://x.example/{SCRIPT}", 1, NOW, "failed")],
        entries=[Deed(SCRIPT, (SCRIPT,), "failed", SCRIPT)],
    )


WORDS = Words(
    Heard(
        (Said(2.0, 4.0, "We will <b>come</b> back.", 0.8, (2.0, 2.5, 3.0, 3.5)),),
        (Withheld(1.0, 1.5, "speech", "unsure", "A voice that the model is unsure of."),),
        "en",
        0.0,
        6.0,
        3.0,
        "hearing-x",
    ),
    Seen((Shown(0.5, 5.0, "Port Hale", 0.99, (10, 10, 90, 30), 3),), (), 7, 2.0, 320, 180, "looking-x"),
)


class TableWorkshop:
    """`core.ports.Workshop` that has heard it all before."""

    def do(self, step: str, order: bytes, told: object) -> bytes:
        return msgspec.msgpack.encode(WORDS)

    def close(self) -> None:
        pass


FILMS = ("pier.mp4", "again.mp4", "quay.jpg", "radio.m4a", "loud.mp4")


def filmed(folder: Path) -> Iterator[Premises]:
    """A ledger with a film, another that reuses it, a picture, a sound, a film with sound, and a report of the film."""
    rate = 10
    films.film(folder / "pier.mp4", (films.fair(n / rate, 1 + n // 80) for n in range(160)), rate)
    films.film(folder / "again.mp4", (films.fair(n / rate, 2) for n in range(80, 160)), rate)
    films.picture(folder / "quay.jpg", 3)
    films.tone(folder / "radio.m4a", 3)
    stalls = [cv2.cvtColor(films.fair(n / 8, 9), cv2.COLOR_RGB2GRAY) for n in range(40)]
    sounds.film(folder / "loud.mp4", sounds.tone(4.0), stalls, every=0.125)
    studio = open_studio(Config(ledger=f"sqlite:///{folder / 'purport.db'}"))
    made = premises(folder, samples.PlainReader())
    try:
        for _ in app.add_footage(made.house, studio, [str(folder / name) for name in FILMS]):
            pass
        text = "Crane at Kest\n\nThe 16-second video shows the pier. The mayor said that it was old."
        (folder / "crane.txt").write_text(text)
        take(made.house, folder / "crane.txt")
        yield replace(made, studio=(studio,), scribe=(Scribe(TableWorkshop(), "table/1"),))
    finally:
        studio.workshop.close()
