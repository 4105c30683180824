"""A watch in a folder over an invented web that answers at once, with a clock that only moves when it is waited for."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from house_samples import PlainReader
from web_samples import response

from purport import pipeline
from purport.core.watching import Answer, Exchange, Request, Source, Visit, Wire
from purport.edges.blobs import FolderBlobs
from purport.edges.sqlite import open_sqlite
from purport.ledger.book import Book
from purport.ledger.view import View
from purport.preserve import Archive, payload_of
from purport.watching import Lookout, Round, Watch

MORNING = datetime(2031, 3, 13, 9, 0, tzinfo=UTC)
Page = bytes | tuple[str, bytes] | tuple[str, bytes, dict[str, str]]  # a body, or a status with one, and headers
KEST = Source(name="Kest Courier", kind="feed", place="https://kest.example/feed.xml")


class Site:
    """`core.ports.Web` over pages that a test may change, and `core.ports.Clock`: waiting moves the time."""

    def __init__(self) -> None:
        self.at = MORNING
        self.pages: dict[str, Page | Exception] = {}
        self.asked: list[tuple[float, str]] = []  # seconds since the morning, address
        self.requests: list[Request] = []
        self.slow: dict[str, float] = {}  # seconds that an answer takes
        self._coming: list[tuple[datetime, Request]] = []

    def now(self) -> datetime:
        return self.at

    def send(self, request: Request) -> None:
        self.asked.append(((self.at - MORNING).total_seconds(), request.url))
        self.requests.append(request)
        self._coming.append((self.at + timedelta(seconds=self.slow.get(request.url, 0.01)), request))

    def answers(self, wait: float) -> list[Answer]:
        self._coming.sort(key=lambda pair: pair[0])
        until = self.at + timedelta(seconds=wait)
        if self._coming and self._coming[0][0] <= until:
            self.at = max(self.at, self._coming[0][0])
            return [self._answer(self._coming.pop(0)[1])]
        self.at = until + timedelta(microseconds=1)
        return []

    def close(self) -> None:
        pass

    def _answer(self, request: Request) -> Answer:
        page = self.pages.get(request.url, ("404 Not Found", b"none"))
        request_bytes = f"GET {request.url} HTTP/1.1\r\n\r\n".encode()
        if isinstance(page, Exception):
            wire = Wire(request.url, self.at, request_bytes, io.BytesIO(), 0)
            return Answer(request, wire, cause=str(page), detail=f"{request.url}: {page}.")
        status, body, headers = whole(page)
        if status.startswith("200") and request.etag and request.etag == headers.get("ETag"):
            status, body = "304 Not Modified", b""
        sent = response(body, status, **{k.replace("-", "_"): v for k, v in headers.items()})
        code = int(status[:3])
        named = {"content-type": "text/html; charset=utf-8"} | {k.lower(): v for k, v in headers.items()}
        answer = Answer(
            request,
            Wire(request.url, self.at, request_bytes, io.BytesIO(sent), len(sent), "203.0.113.9"),
            code,
            named,
            io.BytesIO(body),
        )
        if code >= 400:
            answer.cause, answer.detail = "http-status", f"{request.url} answered {status}."
        return answer


def whole(page: Page) -> tuple[str, bytes, dict[str, str]]:
    if isinstance(page, bytes):
        return "200 OK", page, {}
    return (page[0], page[1], page[2] if len(page) == 3 else {})


def feed(*items: str, extra: str = "") -> Page:
    """A feed that lists pages of kest.example by their names."""
    entries = "".join(
        f"<item><guid>{name}</guid><title>Title {name}</title><link>https://kest.example/{name}</link>{extra}</item>"
        for name in items
    )
    body = f"<rss version='2.0'><channel><title>Kest Courier</title>{entries}</channel></rss>"
    return "200 OK", body.encode(), {"Content-Type": "application/rss+xml"}


def article(text: str, title: str = "The well") -> bytes:
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>{text} The square was quiet all day, and the shops stayed open until the evening, as on other days.</p>"
        "<p>People from the villages had come to see it, and some stayed for the night in the school by the river.</p>"
        "</article></body></html>"
    ).encode()


class Desk:
    """A watch's folder: what it keeps there outlives each watch."""

    def __init__(self, folder: Path, site: Site, reader: PlainReader | None = None) -> None:
        self.folder, self.site = folder, site
        engine = open_sqlite(f"sqlite:///{folder / 'purport.db'}")
        self.view = View(engine)
        self.book = Book(engine, "tester", site.now)
        self.archives = folder / "purport.warcs"
        blobs = FolderBlobs(folder / "purport.blobs")
        self.steps = pipeline.Steps(site, reader or PlainReader(), blobs, self.book, self.view)

    def payload(self, kept: Exchange) -> bytes:
        return b"".join(payload_of(self.archives, kept, lambda id: next(self.view.exchanges(id=id))))

    def lookout(self, archive: Archive) -> Lookout:
        return Lookout(self.site, self.site, archive, self.book, self.view, self.payload)

    def watch(self, *sources: Source, until: Callable[[Round], bool] | None = None) -> list[Visit]:
        """One round, or for ever until a round is the last one wanted; the visits in their order."""
        with Archive(self.archives, self.site, self.view.ended()) as archive:
            visits: list[Visit] = []
            watch = Watch(self.lookout(archive), sources or (KEST,), forever=until is not None)
            over: list[bool] = []
            for round in watch.run(lambda: bool(over)):
                visits += round.found.visits
                if until and until(round):
                    over.append(True)
            return visits


def outcomes(visits: Sequence[Visit]) -> list[tuple[str, str]]:
    return [(one.outcome, one.url.rpartition("/")[2]) for one in visits]


def paths(site: Site) -> list[str]:
    return [url.removeprefix("https://kest.example/") for _, url in site.asked]


def each(visits: Sequence[Visit], outcome: str) -> Iterator[Visit]:
    return (one for one in visits if one.outcome == outcome)
