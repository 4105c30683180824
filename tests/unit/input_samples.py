"""Stand-ins for the outside, and short ways to take something in."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from purport.collect import take
from purport.core.errors import PurportError
from purport.core.ports import Page
from purport.core.records import Gap, Item

SAMPLES = Path(__file__).parent.parent / "samples"
NOW = datetime(2031, 3, 13, 9, 0, tzinfo=UTC)


class FixedClock:
    def now(self) -> datetime:
        return NOW


class Pages:
    """A fetcher that knows its pages by heart; what it holds as an error it raises."""

    def __init__(self, **pages: Page | PurportError) -> None:
        self._pages = {name.replace("_", "/"): page for name, page in pages.items()}
        self.asked: list[str] = []

    def fetch(self, url: str) -> Page:
        self.asked.append(url)
        page = self._pages[url.rpartition("/")[2]]
        if isinstance(page, PurportError):
            raise page
        return page


def taken(*places: object, stdin: bytes | None = None, fetcher: Pages | None = None) -> tuple[list[Item], list[Gap]]:
    """All items and all gaps of some places."""
    found = list(
        take(
            [str(p) for p in places],
            fetcher=fetcher or Pages(),
            clock=FixedClock(),
            stdin=None if stdin is None else BytesIO(stdin),
        )
    )
    return [x for x in found if isinstance(x, Item)], [x for x in found if isinstance(x, Gap)]


def causes(gaps: list[Gap] | tuple[Gap, ...]) -> list[str]:
    return [g.cause for g in gaps]


def text_of(item: Item) -> str:
    return item.data.decode(item.charset)
