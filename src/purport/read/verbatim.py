"""From the answer of a language model to attributions: only words that stand in the text, exactly so, are taken.

A model that is asked for JSON may answer anything. What it gives for source, cue and content must be found in the
text character by character, as whole words; an attribution of which any part is not found is rejected, and the
others are kept. Nothing here does input or output.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

import msgspec

from purport.core.ids import digest
from purport.core.spans import Pieces, Span, cover, overlaps
from purport.read.tagger import Attribution, tidy

UNSTATED = 0.5  # the confidence of what nobody said how sure of they were
MOST = 200  # attributions taken from one answer
PIECES = 12  # strings taken for one role
PLACES = 400  # places looked at for one string
ANCHORS, BESIDE = 20, 4  # places of the rarest string, and of the cue beside each, that are tried
APART = 1_000  # characters between the roles of one attribution, beyond which they are no one's
SHOWN = 80  # characters of a rejected string in its gap

_THOUGHT = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL)

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "attributions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "source": {"type": "string"},
                    "cue": {"type": "string"},
                    "content": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["source", "cue", "content"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["attributions"],
    "additionalProperties": False,
}

Strings: TypeAlias = str | list[str] | None


class _Said(msgspec.Struct):
    """One attribution as a model gives it; one string or a list of them for each role."""

    cue: Strings = None
    content: Strings = None
    source: Strings = None


class _Answer(msgspec.Struct):
    attributions: list[msgspec.Raw]


class AnswerError(Exception):
    """Of this answer nothing can be used. `cause` is the short stable word for its gap."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause


class Rejected(NamedTuple):
    """One attribution of an answer that was not taken, and why, in a sentence."""

    cause: str  # not-verbatim | too-far | too-many | wrong-shape
    detail: str


class _Apart(NamedTuple):
    """Where the roles of one attribution stand."""

    source: Pieces
    cue: Pieces
    content: Pieces


@cache
def prompt() -> str:
    """What a model is told before it is given a text."""
    return (resources.files("purport.read") / "prompts" / "attributions.txt").read_text(encoding="utf-8")


def prompt_digest() -> str:
    """12 hexadecimal digits that name the prompt and the shape asked for."""
    return digest(prompt().encode() + msgspec.json.encode(SCHEMA))[7:19]


def attributions(answer: str, text: str, stretch: Span) -> tuple[list[Attribution], list[Rejected]]:
    """What a model answered about `text[slice(*stretch)]`, with offsets into the whole text, and what was rejected.

    Raises AnswerError when the answer is not JSON of the shape asked for.
    """
    given = _parse(answer)
    rejected = [Rejected("too-many", f"{len(given) - MOST} attributions beyond {MOST}")] if len(given) > MOST else []
    found: dict[tuple[Pieces, Pieces], Attribution] = {}
    taken: set[Span] = set()
    for raw in given[:MOST]:
        try:
            said = msgspec.json.decode(raw, type=_Said)
        except (msgspec.DecodeError, RecursionError):
            rejected.append(Rejected("wrong-shape", f"{_shown(bytes(raw).decode(errors='replace'))} is no attribution"))
            continue
        placed = _place(said, text, stretch, taken)
        if isinstance(placed, Rejected):
            rejected.append(placed)
            continue
        content = tuple(piece for piece in (tidy(text, span) for span in placed.content) if piece[0] < piece[1])
        if not content:
            rejected.append(Rejected("wrong-shape", "a content of punctuation only"))
            continue
        taken.add(cover(placed.cue))
        # the same words given twice are one attribution, unless they stand there twice
        found.setdefault((placed.cue, content), Attribution(placed.source, placed.cue, content, UNSTATED))
    return sorted(found.values(), key=lambda one: one.cue), rejected


def _parse(answer: str) -> list[msgspec.Raw]:
    """The list in an answer: bare JSON, or JSON after a model's thinking aloud or between its code fences."""
    said = _THOUGHT.sub("", answer)
    begin, end = said.find("{"), said.rfind("}")
    if begin < 0 or end < begin:
        raise AnswerError("not-json", f"the answer is no JSON: {_shown(said)}")
    try:
        return msgspec.json.decode(said[begin : end + 1].encode(errors="replace"), type=_Answer).attributions
    except msgspec.ValidationError as error:
        raise AnswerError("wrong-shape", f"the answer has another shape than asked for ({error})") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise AnswerError("not-json", f"the answer is no JSON ({error})") from None


def _place(said: _Said, text: str, stretch: Span, taken: set[Span]) -> _Apart | Rejected:
    """Where the words stand: the cue, then the content and the source nearest to it, none upon another.

    Of a cue that stands in the text several times, the place is taken at which all lies closest together; of two
    such, the first that no earlier attribution has, so that a list in the text's order is placed in that order.
    """
    roles = {name: _strings(getattr(said, name)) for name in ("source", "cue", "content")}
    for name in ("cue", "content"):
        if not roles[name]:
            return Rejected("wrong-shape", f"an attribution without a {name}: {_shown(str(msgspec.to_builtins(said)))}")
    places: dict[str, list[Span]] = {}
    for name, strings in roles.items():
        if len(strings) > PIECES:
            return Rejected("too-many", f"a {name} in {len(strings)} pieces")
        for string in strings:
            places[string] = places.get(string) or list(islice(_occurrences(text, string, stretch), PLACES))
            if not places[string]:
                return Rejected("not-verbatim", f"the {name} “{_shown(string)}” does not stand in the text so")
    first, *others = roles["cue"]
    best: tuple[tuple[int, bool, int], _Apart] | None = None
    for at in _candidates(first, places):
        apart = _around(at, others, roles["content"], roles["source"], places)
        if apart is None:
            continue
        spans = (*apart.source, *apart.cue, *apart.content)
        begin, end = cover(spans)
        loose = (end - begin) - sum(span[1] - span[0] for span in spans)
        rank = (loose, cover(apart.cue) in taken, begin)
        if best is None or rank < best[0]:
            best = rank, apart
    if best is None:
        return Rejected("not-verbatim", f"source, cue “{_shown(first)}” and content stand upon each other in the text")
    if best[0][0] > APART:
        return Rejected("too-far", f"source, cue “{_shown(first)}” and content stand {best[0][0]:,} characters apart")
    return best[1]


def _candidates(cue: str, places: dict[str, list[Span]]) -> list[Span]:
    """Places of the cue worth trying: those nearest to where the rarest of all the strings stands."""
    rarest = min(places, key=lambda string: len(places[string]))
    found: dict[Span, None] = {}
    for anchor in places[rarest][:ANCHORS]:
        if rarest == cue:
            found[anchor] = None
        else:
            free = (place for place in _outward(anchor, places[cue]) if not overlaps(place, anchor))
            found |= dict.fromkeys(islice(free, BESIDE))
    return list(found)


def _around(
    at: Span, others: list[str], content: list[str], source: list[str], places: dict[str, list[Span]]
) -> _Apart | None:
    """The roles around one place of the cue's first piece; None when there is no room for one of them."""
    cue = _nearest(at, others, places, (at,))
    if cue is None:
        return None
    cue = (at, *cue)
    contents = _nearest(at, content, places, cue)
    if contents is None:
        return None
    sources = _nearest(at, source, places, (*cue, *contents))
    return None if sources is None else _Apart(tuple(sorted(sources)), tuple(sorted(cue)), tuple(sorted(contents)))


def _nearest(at: Span, strings: list[str], places: dict[str, list[Span]], others: Pieces) -> Pieces | None:
    """For each string its place nearest to the cue, upon none of the others; None when one has no such place."""
    found: list[Span] = []
    for string in strings:
        free = (
            place
            for place in _outward(at, places[string])
            if not any(overlaps(place, other) for other in (*others, *found))
        )
        place = next(free, None)
        if place is None:
            return None
        found.append(place)
    return tuple(found)


def _outward(at: Span, places: list[Span]) -> Iterator[Span]:
    """Places in the order of their distance from `at`; of two as near, the one before it first."""
    right = bisect_left(places, at)
    left = right - 1
    while left >= 0 or right < len(places):
        before = at[0] - places[left][1] if left >= 0 else None
        behind = places[right][0] - at[1] if right < len(places) else None
        if behind is None or (before is not None and before <= behind):
            yield places[left]
            left -= 1
        else:
            yield places[right]
            right += 1


def _occurrences(text: str, string: str, stretch: Span) -> Iterator[Span]:
    """Where a string stands in a stretch of the text as whole words, in order."""
    at = text.find(string, *stretch)
    while at >= 0:
        end = at + len(string)
        if not (_joined(text, at) or _joined(text, end)):
            yield at, end
        at = text.find(string, at + 1, stretch[1])


def _joined(text: str, at: int) -> bool:
    """Does a place between two characters cut a word in two?"""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _strings(given: Strings) -> list[str]:
    """The strings of a role without white space at their edges; that says nothing about the words."""
    listed = [given] if isinstance(given, str) else given or []
    return [string for string in map(str.strip, listed) if string]


def _shown(string: str) -> str:
    flat = " ".join(string.split())
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"
