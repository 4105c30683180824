"""A watch that goes on for ever reads when there is time, looks for work only where there is some, and tells all."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from input_samples import Pages
from watch_samples import KEST, MORNING, Desk, Site, article, feed

from purport.app import attending
from purport.app.alerting import Post
from purport.app.attending import News, Reading, attend
from purport.core.alerts import CLAIM, TERMINAL, Alert, Rule
from purport.edges.feedfile import FeedFiles
from purport.edges.sqlite import open_sqlite
from purport.edges.webhook import WebHook
from purport.ledger.outbox import Outbox
from purport.preserve import Archive
from purport.watching import Round, unread

NAMES = [f"p{n}" for n in range(2 * attending.SLICE + 3)]


@pytest.fixture
def site() -> Site:
    made = Site()
    made.pages["https://kest.example/feed.xml"] = feed(*NAMES)
    made.pages |= {f"https://kest.example/{name}": article(f"The mayor said {name}.", name) for name in NAMES}
    return made


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Iterator[attending.Desk]:
    made = Desk(tmp_path, site)
    outbox = Outbox(open_sqlite(f"sqlite:///{tmp_path / 'purport.db'}"), "tester", site.now)
    post = Post(outbox, WebHook(), FeedFiles(), made.book, site)
    rules = (Rule(name="all", on=(CLAIM,), to=(TERMINAL,)),)
    with Archive(made.archives, site) as archive:
        yield attending.Desk(made.lookout(archive), made.steps, made.view, Pages(), post, rules)


def watched(desk: attending.Desk, site: Site, hours: float) -> list[News]:
    end = MORNING + timedelta(hours=hours)
    return list(attend(desk, (KEST,), lambda: site.at > end, forever=True))


def test_all_is_read_and_told_while_the_watch_goes_on(desk: attending.Desk, site: Site) -> None:
    news = watched(desk, site, 0.5)
    assert sorted(one.read.outcome.reports[0].title for one in news if isinstance(one, Reading)) == sorted(NAMES)
    assert len([one for one in news if isinstance(one, Alert)]) == len(NAMES)
    last = max(number for number, one in enumerate(news) if isinstance(one, Reading))
    assert any(isinstance(one, Round) and one.found.visits for one in news[last:])  # and it goes on


def test_nothing_is_looked_for_where_nothing_was_taken(
    desk: attending.Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    pages = unread.pages

    def counted(*given: object) -> Iterator[unread.Read]:
        asked.append(1)
        return pages(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(unread, "pages", counted)
    watched(desk, site, 0.9)
    assert len(asked) <= len(NAMES) + 2  # not twice a second
