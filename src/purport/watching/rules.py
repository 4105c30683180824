"""What a host's robots.txt lets us do, and what it means when it can't be had (RFC 9309)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.robotparser import RobotFileParser

from purport.collect.inflate import BodyError
from purport.core.errors import EvidenceError
from purport.core.pace import after_failure
from purport.core.watching import Answer, Exchange
from purport.watching.judge import opened

HELD = timedelta(days=1)  # a robots.txt is not asked for again before
AGENT = "Purport"


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be asked of an origin until then. Without rules and without a fault: everything."""

    until: float = 0.0  # seconds since 1970
    robots: tuple[RobotFileParser, ...] = ()
    delay: float = 0.0  # seconds between two requests, as it asks
    fault: tuple[str, str] | tuple[()] = ()  # why it could not be had: then nothing is asked
    tries: int = 0  # that failed in a row

    def denies(self, url: str) -> tuple[str, str] | tuple[()]:
        """Why an address may not be asked for, as a cause and a sentence; nothing if it may."""
        if self.fault:
            return self.fault
        if all(one.can_fetch(AGENT, url) for one in self.robots):
            return ()
        return ("robots", f"{url}: its host's robots.txt asks programs not to fetch it, and it was not fetched.")


def rules_of(answer: Answer, before: Rules) -> Rules:
    """The rules in an answer. A host that has none leaves us free; one that can't answer is left alone for a while."""
    at = answer.wire.asked
    if answer.status in range(400, 500) and answer.status != 429:
        return Rules((at + HELD).timestamp())
    if answer.cause or answer.status != 200:
        tries = before.tries + 1
        cause = answer.cause or "http-status"
        detail = f"Not asked for, since its host's robots.txt could not be had: {answer.detail or answer.status}"
        return Rules(after_failure(at, tries, answer.wire.url).timestamp(), fault=(cause, detail), tries=tries)
    try:
        return read(opened(answer), (at + HELD).timestamp())
    except BodyError:
        return Rules((at + HELD).timestamp())


def by_exchange(kept: Exchange, payload: Callable[[Exchange], bytes]) -> Rules:
    """The rules in an exchange that was kept; such as are too old if it is no help."""
    until = (kept.asked + HELD).timestamp()
    if kept.status in range(400, 500) and kept.status != 429:
        return Rules(until)
    if kept.status != 200 or kept.cut:
        return Rules()
    try:
        return read(payload(kept), until)
    except EvidenceError:
        return Rules()


def read(data: bytes, until: float) -> Rules:
    parser = RobotFileParser()
    parser.parse(data.decode("utf-8", "replace").splitlines())
    return Rules(until, (parser,), float(parser.crawl_delay(AGENT) or 0))
