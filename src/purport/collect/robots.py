"""What a site asks of robots: what of it may be fetched, how slowly, and where its sitemaps are (RFC 9309)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from purport.collect.listing import address

AGENT = "purport"  # the product token that rules can name us by
SIZE = 500 * 1024  # bytes that are read, as the standard has it
DELAY = 3600.0  # seconds: the longest pause that is kept between two requests
SITEMAPS = 100
_NAMED = re.compile(r"\s*user[- ]?agent(?:\s*:|\s)(.*)", re.IGNORECASE)
_ANOTHER = "some-other-agent"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host asks. Where nobody could be asked, nothing may be fetched for now."""

    answered: bool = True
    delay: float = 0.0  # seconds between two requests; 0: nothing is said
    sitemaps: tuple[str, ...] = ()
    said: Protego = field(default_factory=Protego, repr=False, compare=False)
    agent: str = AGENT

    def allow(self, url: str) -> bool:
        """May the address be fetched?"""
        if not self.answered:
            return urlsplit(url).path == "/robots.txt"
        return bool(self.said.can_fetch(url, self.agent))


def robots_at(url: str) -> str:
    """Where the rules for an address stand: its host's robots.txt."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "/robots.txt", "", ""))


def read_robots(status: int, data: bytes, url: str = "", agent: str = AGENT) -> Rules:
    """The rules in an answer to the request for robots.txt, once redirects were followed.

    `status` 0 means that there was no answer. Never raises: lines that make no sense are passed over. A host that has
    no robots.txt (400 to 499, or redirects without end) allows everything; one that can't answer (500 and above, none)
    allows nothing for now, and so does one that finds our requests too many (429).
    """
    if status == 0 or status >= 500 or status == 429:
        return Rules(answered=False, agent=agent)
    if not 200 <= status < 300:
        return Rules(agent=agent)
    # NULs and odd line ends would hide a rule; of a line that is cut in two, the half might forbid too little
    text = data[:SIZE].decode("utf-8", "replace").removeprefix("\ufeff").replace("\x00", "")
    if len(data) > SIZE:
        text = text.rpartition("\n")[0]
    said = Protego.parse("\n".join(_ours(text, agent)))
    sitemaps = (address(found, url) for found in list(said.sitemaps)[:SITEMAPS])
    return Rules(
        delay=min(said.crawl_delay(agent) or 0.0, DELAY),
        sitemaps=tuple(dict.fromkeys(filter(None, sitemaps))),
        said=said,
        agent=agent,
    )


def _ours(text: str, agent: str) -> Iterator[str]:
    """The lines without the names of other agents but one: Protego writes each rule down for each of its agents, and
    thousands of the one and of the other would take it hours."""
    named: set[str] = set()
    for line in text.splitlines():
        found = _NAMED.match(line.partition("#")[0])
        if not found:
            named = named if not line.partition("#")[0].strip() else set()
            yield line
            continue
        name = found[1].strip().lower()
        name = name if name.replace("*", "") in agent.lower() else _ANOTHER
        if name not in named:
            named.add(name)
            yield f"User-agent: {name}"
