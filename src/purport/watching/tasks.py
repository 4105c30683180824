"""What there is to look at, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from purport.collect import limits
from purport.collect.items import without_password
from purport.core.records import Capture, Gap
from purport.core.watching import Answer, Exchange, Listed, Request, Source, Visit

MEDIA = 500 * 1024 * 1024  # bytes of one video, image or sound
SECONDS, MEDIA_SECONDS = 30.0, 600.0  # that one request may take
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(slots=True, eq=False)
class Task:
    """Something to look at: a source, or an item that it listed. `at` is the address to ask now, after redirects."""

    source: Source
    url: str
    item: tuple[Listed, ...] = ()  # none: the source itself
    last: tuple[Visit, ...] = ()  # none or one
    robots: bool = False  # a host's robots.txt is asked for
    at: str = ""
    hops: int = 0

    def __post_init__(self) -> None:
        self.at = self.at or self.url

    @property
    def kind(self) -> str:
        """page | media | list"""
        if self.item:
            return self.item[0].kind
        return "page" if self.source.kind == "page" else "list"

    @property
    def lister(self) -> tuple[Source, tuple[Listed, ...]]:
        """On whose behalf something is read that may list more."""
        return self.source, self.item

    @property
    def host(self) -> str:
        """Whom to be polite to; empty for what is no web address."""
        try:
            parts = urlsplit(self.at)
            return (parts.hostname or "").lower() if parts.scheme.lower() in ("http", "https") else ""
        except ValueError:
            return ""

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt speaks for."""
        return origin_of(self.at)

    @property
    def begun(self) -> str:
        """The origin that was asked first."""
        return origin_of(self.url)

    def for_robots(self) -> Task:
        """To ask for what its host's robots.txt says before."""
        return Task(self.source, f"{self.origin}/robots.txt", robots=True)

    def again(self, visit: Visit) -> Task:
        """The same after a visit."""
        return Task(self.source, self.url, self.item, (visit,))

    def moved(self, answer: Answer) -> tuple[Task, ...]:
        """The task that a redirect leads to; none if it is no redirect. Its host may be another."""
        to = answer.headers.get("location", "")
        if answer.cause or answer.status not in _MOVED or not to:
            return ()
        try:
            return (replace(self, at=without_password(urljoin(self.at, to)), hops=self.hops + 1),)
        except ValueError:
            return (replace(self, at="", hops=self.hops + 1),)

    def request(self) -> Request:
        """What to ask the web for."""
        last = self.last[0] if self.last else None
        media = self.kind == "media"
        return Request(
            self.at,
            limit=MEDIA if media else limits.RECORD,
            allow_private=self.source.allow_private,
            etag=last.etag if last else "",
            modified=last.modified if last else "",
            seconds=MEDIA_SECONDS if media else SECONDS,
        )


def origin_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"
    except ValueError:
        return ""


@dataclass(slots=True)
class Found:
    """What came of a task: what to book together, and where to go on."""

    tasks: list[Task] = field(default_factory=list)  # that were done
    exchanges: list[Exchange] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    onward: list[Task] = field(default_factory=list)  # redirects to follow

    def extend(self, other: Found) -> None:
        """Take in what else was found."""
        self.tasks += other.tasks
        self.exchanges += other.exchanges
        self.listed += other.listed
        self.captures += other.captures
        self.visits += other.visits
        self.gaps += other.gaps
        self.onward += other.onward
