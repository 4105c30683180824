"""Who released the footage that a report speaks of, where it says so: "a video released by Coast Monitor"."""

import re
from collections.abc import Iterator, Mapping, Sequence

from purport.core.records import Claim, Report
from purport.core.spans import Span
from purport.trace.actors import Actor, actor, named_near

_FOOTAGE = (
    r"(?:videos?|recordings?|footage|clips?|films?|images?|pictures?|photographs?|photos?|tapes?|livestream|audio)"
)
_VERBS = (
    "released", "published", "posted", "shared", "issued", "distributed", "uploaded", "circulated", "aired", "leaked",
    "sent out",
)  # fmt: skip
_PUT = "put "
_RELEASED = (
    rf"(?:{'|'.join(_VERBS)}"
    rf"|{_PUT}(?:out|online|(?:it|them|the \w+|a \w+) (?:on the internet|online|on the web|out)))"
)
_SAID = r"[^.;!?“”\"\n]"
_NAME = r"[A-Z][\w’'-]*(?:\s+(?:of|the|and|for)?\s*[A-Z][\w’'-]*){0,5}"
# the video … released … by WHO
_BY = re.compile(rf"\b{_FOOTAGE}\b{_SAID}{{0,60}}?\b{_RELEASED}\b{_SAID}{{0,30}}?\bby\s+(?P<who>{_SAID}{{2,70}})")
# WHO, the group that released the video;   WHO, which published the clip
_WHICH = re.compile(
    rf"(?P<who>{_NAME}),\s+(?:(?:the|an?)\s+[\w\s-]{{1,40}}\s+)?(?:that|which|who)\s+(?:had\s+)?{_RELEASED}"
    rf"(?:\s+(?:an?|the|this|these|its)\b{_SAID}{{0,40}}?\b{_FOOTAGE}\b|\b)"
)
# WHO released a video
_DID = re.compile(
    rf"(?P<who>(?:{_NAME}|[Aa] [\w\s-]{{1,40}}? (?:calls itself|calling itself|called) {_NAME}))\s+(?:has\s+|had\s+)?"
    rf"{_RELEASED}(?:\s+(?:an?|the|this|these|its|some|new)\b{_SAID}{{0,40}}?\b{_FOOTAGE}\b|\b)"
)
# The video …. It was published by WHO
_IT = re.compile(
    rf"\b(?:it|they|which)\s+(?:was|were|had been|has been|have been)\s+(?:first\s+)?{_RELEASED}\b"
    rf"{_SAID}{{0,30}}?\bby\s+(?P<who>{_SAID}{{2,70}})",
    re.IGNORECASE,
)
MENTION = re.compile(rf"\b{_FOOTAGE}\b", re.IGNORECASE)
NEAR = 200  # characters before "it was published" in which the footage is named
_END = re.compile(
    r"\s+(?:on|in|at|last|this|late|early|and|but|to|from|purportedly|allegedly|apparently|shows?|showed|appears?|claims?"
    r"|is|was|has|had|yesterday|today|which|who|that|where|as)\b.*|[,(:].*",
    re.DOTALL,
)
SHOWN = re.compile(rf"(?:(?:the|an?|this|that|its|their)\s+)?(?:[\w-]+\s+){{0,2}}?{_FOOTAGE}\b", re.IGNORECASE)
NARRATOR = re.compile(r"\b(?:narrators?|voice-?over|voice|speaker in the|caption)\b", re.IGNORECASE)


def releasers(report: Report, claims: Sequence[Claim], known: Mapping[str, Actor]) -> Iterator[tuple[Actor, str, Span]]:
    """Who is said to have released footage, with the words that say so; each actor once."""
    seen, small = set(), report.text.lower()
    if not any(verb in small for verb in (*_VERBS, _PUT)):  # as in most
        return
    for pattern in (_BY, _WHICH, _DID, _IT):
        for match in pattern.finditer(report.text):
            if pattern is _IT and not MENTION.search(report.text[max(0, match.start() - NEAR) : match.start()]):
                continue
            who = match["who"]
            if "call" not in who and pattern is not _WHICH:
                who = _END.sub("", who)
            start = match.start("who")
            named = actor(who, "organisation", report.text)
            found = (named,) if named.key else named_near((start, start + len(who)), claims, known)
            for one in found:
                if one.key not in seen:
                    seen.add(one.key)
                    yield one, " ".join(match[0].split()), match.span()
