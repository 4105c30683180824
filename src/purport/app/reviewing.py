"""Review: what a person decides about a claim, beside what the machine made of it, and how claims stand since.

a claim > confirmed, corrected, rejected, noted, assigned > a row of its own > how the claim stands
a row that was wrong > undone by a later row; the claim stands as before
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from purport.app.alerting import known_acts
from purport.app.house import House
from purport.core.errors import UsageError
from purport.core.ids import make_id
from purport.core.ports import Reviews
from purport.core.records import Claim, Mention, Report
from purport.core.reviews import (
    ASSIGNED,
    CONFIRMED,
    CORRECTED,
    NOTED,
    REJECTED,
    STATUSES,
    UNDONE,
    Review,
    Reviewed,
    Said,
    changed,
    machine,
    place_of,
    reviewed,
    settled,
)
from purport.core.spans import Pieces, Span, cover, overlaps

STANCES = ("plain", "distanced", "endorsed")
POLARITIES = ("+", "-")
LONGEST = 4_000  # characters of a reason or a note
NAME = 200  # characters of a person's name

_LEFT_OUT = re.compile(r"\s*(?:…|\[\.\.\.\]|\.\.\.)\s*")
_PLACES = re.compile(r"\s*\d{1,9}\s*[-–]\s*\d{1,9}\s*(?:[,;]\s*\d{1,9}\s*[-–]\s*\d{1,9}\s*)*")


def kept(house: House) -> Reviews:
    """Where judgements are kept. Raises UsageError for a house without."""
    for found in house.reviews:
        return found
    raise UsageError("What people decide is kept in the ledger; this house has none.")


def standing(house: House, pairs: Iterable[tuple[Claim, Report]]) -> dict[str, Reviewed]:
    """How some claims stand, by their ids; a claim of which nothing was decided is not among them."""
    return stood(house, {claim.id: report.id for claim, report in pairs})


def stood(house: House, some: Mapping[str, str]) -> dict[str, Reviewed]:
    """The same of claims that are known by their ids, each with its report's."""
    by_report: dict[str, list[str]] = {}
    for claim, report in some.items():
        by_report.setdefault(report, []).append(claim)
    if not by_report:
        return {}
    rows: dict[str, list[Review]] = {}
    for one in kept(house).reviews(tuple(by_report)):
        rows.setdefault(one.place.report, []).append(one)
    found: dict[str, Reviewed] = {}
    for id, claims in by_report.items():
        if id in rows:
            about = settled(rows[id], _reading_of(house, id, claims))
            found |= {claim: reviewed(about[claim]) for claim in claims if claim in about}
    return found


def _reading_of(house: House, report: str, claims: Sequence[str]) -> tuple[Claim, ...]:
    """The reading that some claims of a report are of: the whole of it, so that each review finds its own claim."""
    return next(
        (one.claims for one in house.view.readings(report) if any(each.id == claims[0] for each in one.claims)), ()
    )


def confirm(house: House, claim: str, why: str = "", who: str = "") -> Review:
    """Say that a claim is read as it should be. Raises NotFoundError, UsageError."""
    return booked(house, claim, CONFIRMED, why, who)


def reject(house: House, claim: str, why: str, who: str = "") -> Review:
    """Say that nobody claims this there. Raises NotFoundError, UsageError."""
    return booked(house, claim, REJECTED, _told(why), who)


def note(house: House, claim: str, why: str, who: str = "") -> Review:
    """Write something beside a claim. Raises NotFoundError, UsageError."""
    return booked(house, claim, NOTED, _told(why), who)


def assign(house: House, claim: str, to: str, status: str = "", why: str = "", who: str = "") -> Review:
    """Give a claim to somebody to judge, or say how far that is; to nobody with an empty name."""
    if status and status not in STATUSES:
        raise UsageError(f"{status!r} is no status. It is one of {', '.join(STATUSES)}.")
    if len(to) > NAME:
        raise UsageError(f"A name has at most {NAME} characters.")
    return booked(house, claim, ASSIGNED, why, who, to=to.strip(), status=status or STATUSES[0])


def correct(house: House, claim: str, given: Mapping[str, str], why: str, who: str = "") -> Review:
    """Say how a claim should be read: `given` has what differs, by the names of the fields of `Said`.

    Words stand for the place in the report where they are nearest to the claim, `…` between two pieces; offsets
    (`12-30, 41-55`) are taken as they are. An empty value leaves the role empty. Raises NotFoundError, UsageError.
    """
    one, report = house.view.claim(claim)
    made = corrected(one, report, given)
    if not changed(machine(one), made):
        raise UsageError("That is how the machine reads it already: confirm it, or say what is to differ.")
    return booked(house, claim, CORRECTED, _told(why), who, said=(made,))


def undo(house: House, review: str, why: str = "", who: str = "") -> Review:
    """Take a row back: the claim stands as if it had not been booked. Raises NotFoundError, UsageError."""
    one = kept(house).one_review(review)
    if one.what == UNDONE:
        raise UsageError(f"{one.id} takes something back itself. Judge the claim again instead.")
    rows = [row for row in kept(house).reviews((one.place.report,)) if row.what == UNDONE and row.of == one.id]
    if rows:
        raise UsageError(f"{one.id} was taken back already, by {rows[0].who}.")
    return booked(house, one.claim, UNDONE, why, who, of=one.id)


def undo_last(house: House, claim: str, who: str, why: str = "") -> Review:
    """Take back the last thing that a person decided about a claim. Raises NotFoundError, UsageError."""
    one, report = house.view.claim(claim)
    now = standing(house, [(one, report)]).get(one.id, Reviewed())
    for last in now.undoable(who):
        return undo(house, last.id, why, who)
    raise UsageError(f"There is nothing of yours ({who}) to take back about this claim.")


def booked(
    house: House,
    claim: str,
    what: str,
    why: str,
    who: str,
    said: tuple[Said, ...] = (),
    to: str = "",
    status: str = "",
    of: str = "",
) -> Review:
    """Add a row to what was decided about a claim. Raises NotFoundError, UsageError."""
    if len(why) > LONGEST:
        raise UsageError(f"Say it in at most {LONGEST:,} characters.")
    one, report = house.view.claim(claim)
    at = house.clock.now()
    before = sum(1 for _ in kept(house).reviews((report.id,)))  # the same decided again is another row
    id = make_id("review", one.id, what, why, who, said, to, status, of, at.isoformat(), before)
    made = Review(
        id=id,
        what=what,
        claim=one.id,
        place=place_of(one, report),
        who=who,
        at=at,
        why=why.strip(),
        said=said,
        to=to,
        status=status,
        of=of,
    )
    kept(house).review([made])
    return made


def _told(why: str) -> str:
    if not why.strip():
        raise UsageError("Say why, in a few words. It is kept beside what the machine found.")
    return why


def corrected(claim: Claim, report: Report, given: Mapping[str, str]) -> Said:
    """The claim as it should be read. Raises UsageError for what can't be so."""
    now = machine(claim)
    near = cover((*claim.cue, *claim.content, *claim.source))[0]
    roles = {
        role: pieces_of(report.text, given[role], near) if role in given else getattr(now, role)
        for role in ("source", "cue", "content")
    }
    if not (roles["cue"] or roles["content"]):
        raise UsageError("A claim has a cue or a content. If nobody claims anything there, reject it.")
    for name, known in (("act", sorted(known_acts())), ("stance", STANCES), ("polarity", POLARITIES)):
        if name in given and given[name] not in known:
            raise UsageError(f"{given[name]!r} is no {name}. It is one of {', '.join(known)}.")
    speaker = now.speaker
    if "speaker" in given:
        spans = pieces_of(report.text, given["speaker"], near)
        speaker = tuple(Mention(report.text[start:end], (start, end)) for start, end in (cover(spans),) if spans)
    act, stance, polarity = (given.get(name, getattr(now, name)) for name in ("act", "stance", "polarity"))
    return Said(roles["source"], roles["cue"], roles["content"], act, stance, polarity, speaker)


def pieces_of(text: str, given: str, near: int) -> Pieces:
    """The places in a text that words or offsets name, in order. Raises UsageError where there are none such."""
    if not given.strip():
        return ()
    if _PLACES.fullmatch(given):
        numbers = [int(one) for one in re.findall(r"\d+", given)]
        return checked(tuple(zip(numbers[::2], numbers[1::2], strict=True)), text)
    found = tuple(nearest(text, part, near) for part in _LEFT_OUT.split(given.strip()) if part)
    return checked(found, text)


def nearest(text: str, words: str, near: int) -> Span:
    """Where words stand in a text, nearest to a place. Raises UsageError where they don't."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    spans = [match.span() for match in pattern.finditer(text)]
    if not spans:
        raise UsageError(
            f"“{words[:120]}” does not stand in the report. Give the report's own words, … between two pieces."
        )
    return min(spans, key=lambda span: abs(span[0] - near))


def checked(pieces: Pieces, text: str) -> Pieces:
    """Pieces in order. Raises UsageError for what is no place in the text, and for two that overlap."""
    found = tuple(sorted(pieces))
    for start, end in found:
        if not start < end <= len(text):
            raise UsageError(f"{start}-{end} is no place in a text of {len(text):,} characters.")
    if any(overlaps(one, other) for one, other in pairwise(found)):
        raise UsageError("Two pieces of one role overlap. Give them as one.")
    return found


def at(pieces: Iterable[Span]) -> str:
    """Pieces as people and forms write them: `12-30, 41-55`."""
    return ", ".join(f"{start}-{end}" for start, end in pieces)


def mentions(claims: Iterable[Claim], report: Report) -> list[Mention]:
    """Who is named as a speaker or source in a report, each once, in the order of the text: who may be chosen."""
    found: dict[str, Mention] = {}
    spans = [one.span for claim in claims for one in claim.speaker]
    spans += [cover(claim.source) for claim in claims if claim.source]
    for start, end in sorted(set(spans)):
        words = " ".join(report.text[start:end].split())
        found.setdefault(words.casefold(), Mention(words, (start, end)))
    return list(found.values())


def about(house: House, claim: str = "") -> Iterator[Review]:
    """All that was decided about a claim, or about all; in order. Raises NotFoundError."""
    if claim:
        one, report = house.view.claim(claim)
        yield from standing(house, [(one, report)]).get(one.id, Reviewed()).history
    else:
        yield from kept(house).reviews()
