"""A large ledger of invented news, made without reading: the claims are written together with their texts.

Like the demo's, each report tells of one event: its sources, their words, a denial, footage. Of ten reports six are of
events that others tell of too, two of these with another's paragraphs, as wires are printed. Some pages failed.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from purport.core.ids import digest, make_id
from purport.core.records import Capture, Claim, Gap, Hop, Mention, Reading, Reason, Report, Speaker, gap
from purport.core.spans import Span, cover, select
from purport.core.times import Moment
from purport.ledger import Book

START = datetime(2031, 1, 1, tzinfo=UTC)
READER = "invented/1"
ONSETS = ("b", "br", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "qu", "r", "s", "st", "t", "tr", "v", "z")
VOWELS = ("a", "e", "i", "o", "u", "ai", "au", "ei", "ou")
CODAS = ("", "", "l", "m", "n", "r", "s", "t", "nd", "rn", "st")
BODIES = (
    "the Harbour Authority of {}", "the {} Front", "the {} Relief Committee", "the council of {}", "the {} Guard",
    "the dockers’ union of {}", "the {} Monitoring Group", "the police of {}",
)  # fmt: skip
WHAT = ("bridge", "depot", "dam", "market", "school", "clinic", "ferry", "mill", "mine", "pier", "archive", "hangar")
DONE = ("closed", "searched", "flooded", "emptied", "rebuilt", "sold", "shelled", "reopened", "sealed", "painted")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CUES = (
    ("said", "say"), ("said", "say"), ("told reporters", "say"), ("denied", "deny"), ("confirmed", "confirm"),
    ("estimated", "estimate"), ("warned", "warn"), ("doubted", "doubt"),
)  # fmt: skip
STANCES = ("plain", "plain", "plain", "plain", "distanced")
CAUSES = ("timeout", "not found", "empty", "refused", "too large")


class Event(NamedTuple):
    place: str
    other: str
    what: str
    done: str
    day: datetime
    people: tuple[str, ...]
    bodies: tuple[str, ...]


class Told(NamedTuple):
    """A report as it was told: its paragraphs, each with the places of source, cue, content, and what they are."""

    paragraphs: tuple[tuple[str, Span, Span, Span, str], ...]


class News:
    """`number` counts reports from 0; the same seed gives the same news."""

    def __init__(self, claims: int = 20, seed: int = 7, days: int = 365, reports: int = 100_000) -> None:
        self.dice, self.claims, self.days, self.reports = random.Random(seed), claims, days, reports
        self.names = [self._name() for _ in range(4000)]
        self.outlets = [f"{name} {kind}" for name in self.names[:60] for kind in ("Courier", "Wire", "Post")][:90]
        self.words = sorted({self._name().lower() for _ in range(30_000)})
        self.running: list[tuple[Event, list[Told]]] = []

    def entries(self, first: int = 0) -> Iterator[tuple[Capture, Report, Reading]]:
        number = first
        while True:
            yield self._entry(number)
            number += 1

    def gaps(self, number: int) -> list[Gap]:
        """One page in fifty failed."""
        if number % 50:
            return []
        subject = f"https://news-{number % 90}.example/failed/{number}"
        cause = CAUSES[number // 50 % len(CAUSES)]
        return [gap("collect", subject, cause, "It was not to be had.", self.when(number))]

    def _name(self) -> str:
        dice = self.dice
        parts = [dice.choice(ONSETS) + dice.choice(VOWELS) + dice.choice(CODAS) for _ in range(dice.choice((2, 2, 3)))]
        return "".join(parts).capitalize()

    def when(self, number: int) -> datetime:
        return START + timedelta(days=self.days * number / self.reports)

    def _event(self, number: int) -> Event:
        dice = self.dice
        place, other = dice.sample(self.names, 2)
        people = tuple(f"{dice.choice(self.names)} {dice.choice(self.names)}" for _ in range(4))
        bodies = tuple(one.format(place) for one in dice.sample(BODIES, 3))
        return Event(place, other, dice.choice(WHAT), dice.choice(DONE), self.when(number), people, bodies)

    def _entry(self, number: int) -> tuple[Capture, Report, Reading]:
        dice = self.dice
        if self.running and dice.random() < 0.6:
            event, before = dice.choice(self.running)
        else:
            event, before = self._event(number), []
            self.running = [*self.running[-40:], (event, before)]
        taken = list(dice.choice(before).paragraphs[: self.claims // 2]) if before and dice.random() < 0.33 else []
        told = Told(tuple(taken + [self._paragraph(event) for _ in range(self.claims - len(taken))]))
        before.append(told)
        return self._written(number, event, told)

    def _paragraph(self, event: Event) -> tuple[str, Span, Span, Span, str]:
        dice = self.dice
        cue, act = dice.choice(CUES)
        source = dice.choice(event.people) if dice.random() < 0.5 else dice.choice(event.bodies)
        source = source[0].upper() + source[1:]
        count, day = dice.randint(2, 900), DAYS[dice.randrange(7)]
        aside = " ".join(dice.choices(self.words, k=dice.randint(4, 12)))
        how = " ".join(dice.choices(self.words, k=2))  # so that only what was taken over is the same words
        happened = f"the {event.what} of {event.place} was {how} {event.done}"
        content = f"{happened} before {count} people reached {event.other}, {aside}"
        text = f"{source} {cue} on {day} that {content}."
        cue_at = len(source) + 1
        at = len(text) - 1 - len(content)
        return text, (0, len(source)), (cue_at, cue_at + len(cue)), (at, at + len(content)), act

    def _written(self, number: int, event: Event, told: Told) -> tuple[Capture, Report, Reading]:
        dice = self.dice
        outlet, at = self.outlets[number % len(self.outlets)], self.when(number)
        title = f"{event.what.capitalize()} of {event.place} {event.done}, {event.bodies[number % 3]} says"
        text = "\n\n".join(paragraph[0] for paragraph in told.paragraphs)
        url = f"https://news-{number % 90}.example/{number}"
        capture = Capture(
            make_id("capture", number), url, digest(text.encode()), len(text), at, "text/html", "url", url
        )
        report = Report(
            make_id("report", number), capture.id, text, capture.digest, title=title, outlet=outlet, url=url,
            published=(Moment(at, at),),
        )  # fmt: skip
        claims, start = [], 0
        for position, (paragraph, source, cue, content, act) in enumerate(told.paragraphs):
            roles = [((start + one[0], start + one[1]),) for one in (source, cue, content)]
            said, spoken = paragraph[slice(*source)], paragraph[slice(*cue)]
            kind = "person" if said in event.people else "organisation"
            claims.append(
                Claim(
                    id=make_id("claim", number, position),
                    report=report.id,
                    source=roles[0],
                    cue=roles[1],
                    content=roles[2],
                    act=act,
                    stance=dice.choice(STANCES),
                    polarity="+",
                    certainty="certain",
                    quote="indirect",
                    source_kind=kind,
                    confidence=round(0.5 + dice.random() / 2, 3),
                    speaker=(Speaker(said, roles[0][0], 0.9),),
                    target=(Mention(event.place, (0, 0)),) if act == "accuse" else (),
                    chain=(Hop("outlet", outlet), Hop(kind, said, roles[0][0])),
                    reasons=(Reason("act", act, spoken, roles[1][0], "cue lexicon"),),
                    selector=select(text, cover([*roles[0], *roles[1], *roles[2]])),
                )
            )
            start += len(paragraph) + 2
        return capture, report, Reading(make_id("reading", number), report.id, READER, tuple(claims))


def fill(book: Book, news: News, count: int, first: int = 0, batch: int = 500) -> Iterator[int]:
    """Append so many reports, batch by batch; yields how many there are after each."""
    coming = news.entries(first)
    for start in range(first, first + count, batch):
        some = list(islice(coming, min(batch, first + count - start)))
        captures, reports, readings = zip(*some, strict=True)
        gaps = [gap for number in range(start, start + len(some)) for gap in news.gaps(number)]
        book.add(captures, reports, readings, gaps)
        yield start + len(some)
