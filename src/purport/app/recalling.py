"""Judged before: what people decided about the same words on an earlier text of the page, offered beside the later one.

a claim > the same words in an earlier text > how they stood there > the same decided here, by somebody who says so
Nothing goes over by itself: beside what was edited the same words may mean something else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from purport.app.house import House
from purport.app.reviewing import LONGEST, booked, checked, kept, nearest, standing
from purport.brief.words import instant
from purport.core.errors import UsageError
from purport.core.records import Claim, Mention, Report
from purport.core.reviews import CONFIRMED, UNREVIEWED, Review, Reviewed, Said
from purport.core.spans import Pieces, cover, words


@dataclass(frozen=True, slots=True)
class Before:
    """A claim as it stood on an earlier text of its page."""

    claim: Claim
    report: Report
    taken: datetime  # when that text was captured
    reviewed: Reviewed
    otherwise: tuple[str, ...]  # what the machine read otherwise there: act, stance, polarity, speaker


def before(house: House, pairs: Iterable[tuple[Claim, Report]]) -> dict[str, Before]:
    """Of some claims, by their ids, the latest earlier text on which the same words were judged, with how they stood.

    Words are the same where source, cue and content are, wherever they stand in the text; of words that a text has
    several times the first belongs to the first, and so on.
    """
    by_report: dict[str, tuple[Report, set[str]]] = {}
    for claim, report in pairs:
        by_report.setdefault(report.id, (report, set()))[1].add(claim.id)
    found: dict[str, Before] = {}
    for id, earlier in kept(house).before(list(by_report)).items():
        report, asked = by_report[id]
        wanted = {place: claim for place, claim in _placed(house, report) if claim.id in asked}
        for other in map(house.view.report, earlier):
            for place, one in _judged(house, other):
                if place in wanted:
                    now = wanted.pop(place)
                    found[now.id] = Before(*one, _otherwise(one[0], now))
            if not wanted:
                break
    return found


def again(house: House, claim: str, review: str, who: str) -> Review:
    """Decide about a claim as about the same words of an earlier text. Raises NotFoundError, UsageError."""
    one, report = house.view.claim(claim)
    given = kept(house).one_review(review)
    was = before(house, [(one, report)]).get(one.id)
    if was is None or all(given.id != word.id for word in was.reviewed.words):
        raise UsageError(f"{given.id} was not decided about the same words of an earlier text of this page.")
    if given.what == CONFIRMED and was.otherwise:
        raise UsageError(
            f"What was confirmed was another reading: {', '.join(was.otherwise)} is read otherwise here. Judge it anew."
        )
    said = tuple(moved(word, was, one, report) for word in given.said)
    why = f"as {given.who} did on the text captured {instant(was.taken)}" + (f": {given.why}" if given.why else "")
    return booked(house, one.id, given.what, why[:LONGEST], who, said, of=given.id)


def moved(said: Said, was: Before, claim: Claim, report: Report) -> Said:
    """A correction of a claim on an earlier text, at the places that it has in the later one. Raises UsageError."""
    old, new = (cover((*one.source, *one.cue, *one.content))[0] for one in (was.claim, claim))

    def there(pieces: Pieces) -> Pieces:
        told = [was.report.text[start:end] for start, end in pieces]
        shifted = tuple((start + new - old, end + new - old) for start, end in pieces)
        if all(start >= 0 and report.text[start:end] == one for (start, end), one in zip(shifted, told, strict=True)):
            return shifted
        return checked(tuple(nearest(report.text, one, new) for one in told), report.text)

    speaker = tuple(
        Mention(report.text[start:end], (start, end)) for one in said.speaker for start, end in there((one.span,))
    )
    source, cue, content = (there(pieces) for pieces in (said.source, said.cue, said.content))
    return Said(source, cue, content, said.act, said.stance, said.polarity, speaker)


def _judged(house: House, report: Report) -> Iterator[tuple[tuple[str, int], tuple[Claim, Report, datetime, Reviewed]]]:
    """The claims of a report that were judged, by their places."""
    placed = list(_placed(house, report))
    now = standing(house, [(claim, report) for _, claim in placed])
    taken = house.view.capture(report.capture).taken
    for place, claim in placed:
        if claim.id in now and now[claim.id].state != UNREVIEWED:
            yield place, (claim, report, taken, now[claim.id])


def _placed(house: House, report: Report) -> Iterator[tuple[tuple[str, int], Claim]]:
    """The claims of a report's latest reading, each by its words and the how manieth with those it is."""
    seen = Counter[str]()
    for claim in house.view.claims_of([report.id]).get(report.id, ()):
        roles = (" ".join(words(report.text, one).split()) for one in (claim.source, claim.cue, claim.content))
        key = "\n".join(roles)
        seen[key] += 1
        yield (key, seen[key]), claim


def _otherwise(old: Claim, new: Claim) -> tuple[str, ...]:
    def speaker(claim: Claim) -> list[str]:
        return [" ".join(one.text.split()) for one in claim.speaker]

    labels = [name for name in ("act", "stance", "polarity") if getattr(old, name) != getattr(new, name)]
    return (*labels, *["speaker"] * (speaker(old) != speaker(new)))
