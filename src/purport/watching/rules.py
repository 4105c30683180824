"""What a host's robots.txt leaves us to ask, for how long, and what it means when it can't be had (RFC 9309)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from purport.collect.inflate import BodyError
from purport.collect.robots import Rules, read_robots
from purport.core.errors import EvidenceError
from purport.core.pace import after_failure
from purport.core.watching import Answer, Exchange
from purport.watching.judge import opened

HELD = timedelta(days=1)  # a robots.txt is not asked for again before


@dataclass(frozen=True, slots=True)
class Leave:
    """What may be asked of an origin until then."""

    until: float = 0.0  # seconds since 1970
    rules: Rules = field(default_factory=Rules)
    fault: tuple[str, str] | tuple[()] = ()  # why its robots.txt could not be had: then nothing is asked
    tries: int = 0  # that failed in a row

    def denies(self, url: str) -> tuple[str, str] | tuple[()]:
        """Why an address may not be asked for, as a cause and a sentence; nothing if it may."""
        if self.fault or self.rules.allow(url):
            return self.fault
        return "robots", f"{url}: its host's robots.txt asks programs not to fetch it, and it was not fetched."


def leave(answer: Answer, before: Leave) -> Leave:
    """What an answer to the request for a robots.txt leaves us."""
    at, data = answer.wire.asked, b""
    status = answer.status if answer.cause in ("", "http-status") else 0
    try:
        data = opened(answer)
    except BodyError:
        status = 0
    rules = read_robots(status, data, answer.wire.url)
    if rules.answered:
        return Leave((at + HELD).timestamp(), rules)
    tries = before.tries + 1
    detail = f"Not asked for, since its host's robots.txt could not be had: {answer.detail}"
    until = after_failure(at, tries, answer.wire.url).timestamp()
    return Leave(until, rules, (answer.cause or "http-status", detail), tries)


def kept_leave(kept: Exchange, payload: Callable[[Exchange], bytes]) -> Leave:
    """What a robots.txt left us that was kept before this watch began; nothing that holds if it is no help."""
    if kept.cut or not (200 <= kept.status < 300 or 400 <= kept.status < 500):
        return Leave()
    try:
        rules = read_robots(kept.status, payload(kept) if kept.status < 300 else b"", kept.url)
    except EvidenceError:
        return Leave()
    return Leave((kept.asked + HELD).timestamp(), rules) if rules.answered else Leave()
