"""Briefs that people keep: assemble one from claims, edit its prose, say who was asked, issue it, hand it on.

Every step adds an edition; none is changed. What goes out is opened first (`opening.py`).
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from purport.app import opening
from purport.app.house import House
from purport.app.marking import levels, marked
from purport.app.stories import traced
from purport.brief import folio
from purport.brief.folio import Shown
from purport.core import briefs
from purport.core.briefs import CLAIM, DRAFT, ISSUED, WITHDRAWN, Approach, Edition, Exhibit, Line
from purport.core.custody import Deed
from purport.core.errors import EvidenceError, NotFoundError, UsageError
from purport.core.ids import digest
from purport.core.looks import Standing
from purport.core.marks import CLEAR, LEVELS, above, parsed
from purport.core.ports import Briefs
from purport.core.records import Capture, Claim, Report


def begin(house: House, story: str, title: str, who: str) -> Edition:
    """Begin a brief of a story, named by it or by a report or claim in it. Raises UsageError, NotFoundError."""
    if not story.strip():
        raise UsageError("A brief is of a story. Name one, or a report or claim in it: purport stories lists them.")
    found = next(iter(traced(house, (story,))))
    first = briefs.begun(title or found.title, found.story, who, house.clock.now())
    _kept(house).keep(first)
    return first


def listed(house: House, status: str = "") -> Iterator[Edition]:
    """Briefs as they stand, what was worked on last first."""
    return (one for kept in house.briefs for one in kept.standing(status))


def opened(house: House, brief: str) -> Edition:
    """A brief as it stands. Raises NotFoundError."""
    return _kept(house).latest(brief)


def editions(house: House, brief: str) -> tuple[Edition, ...]:
    """All that was done to a brief, the first first. Raises NotFoundError."""
    return tuple(_kept(house).editions(opened(house, brief).brief))


def add(house: House, brief: str, named: Sequence[str], text: str, who: str, seen: str = "") -> Edition:
    """Add lines: one for each thing that is named, in its own words; with a text, one line that rests on all of them.

    `seen` is the edition that the person had before them: empty is whichever is the latest. Raises NotFoundError,
    UsageError.
    """
    now = _open(house, brief, seen)
    found = [opening.exhibit(house, one) for one in named]
    groups = [(text, found)] if text.strip() else [(words(house, one), [one]) for one in found]
    for said, exhibits in groups:
        now = msgspec.structs.replace(now, lines=(*now.lines, _fresh(now, said, exhibits)))
    did = f"added {folio.number(len(groups), 'line')}"
    return _work(house, brief, seen, did, who, lambda before: {"lines": now.lines})


def _fresh(now: Edition, said: str, exhibits: Sequence[Exhibit]) -> Line:
    """A line with an id that no line of the brief has, even if the same was added before."""
    made = briefs.new_line(now, said, exhibits)
    again = sum(line.id.startswith(made.id) for line in now.lines)
    return msgspec.structs.replace(made, id=f"{made.id}-{again}") if again else made


def edit(house: House, brief: str, line: str, text: str, who: str, seen: str = "", more: Sequence[str] = ()) -> Edition:
    """Write a line's prose anew, and let it rest on more; its evidence stays. Raises NotFoundError, UsageError."""
    said, found = briefs.short(text, "A line"), [opening.exhibit(house, one) for one in more]

    def changed(before: Edition) -> dict[str, object]:
        at = _at(before, line)
        old = before.lines[at]
        kept = (*old.exhibits, *(one for one in found if one not in old.exhibits))
        return {"lines": (*before.lines[:at], Line(old.id, said, kept), *before.lines[at + 1 :])}

    return _work(house, brief, seen, f"edited line {_at(opened(house, brief), line) + 1}", who, changed)


def move(house: House, brief: str, line: str, to: int, who: str, seen: str = "") -> Edition:
    """Put a line at another place, counted from 1. Raises NotFoundError."""

    def changed(before: Edition) -> dict[str, object]:
        rest = list(before.lines)
        moved = rest.pop(_at(before, line))
        place = min(max(to, 1), len(before.lines))
        return {"lines": (*rest[: place - 1], moved, *rest[place - 1 :])}

    return _work(house, brief, seen, f"moved line {_at(opened(house, brief), line) + 1} to {to}", who, changed)


def remove(house: House, brief: str, line: str, who: str, seen: str = "") -> Edition:
    """Take a line out; earlier editions keep it. Raises NotFoundError."""

    def changed(before: Edition) -> dict[str, object]:
        at = _at(before, line)
        return {"lines": (*before.lines[:at], *before.lines[at + 1 :])}

    return _work(house, brief, seen, f"removed line {_at(opened(house, brief), line) + 1}", who, changed)


def ask(house: House, brief: str, entry: Approach, who: str, seen: str = "") -> Edition:
    """Write down that somebody was asked to comment, or was not and why."""
    did = f"{entry.party}: {entry.answer}"
    return _work(house, brief, seen, did, who, lambda before: {"approaches": (*before.approaches, entry)})


def note(house: House, brief: str, text: str, who: str, seen: str = "") -> Edition:
    """Say how the brief is to be handled."""
    said = briefs.short(text, "The note", empty=True)
    return _work(house, brief, seen, "wrote how to handle it", who, lambda before: {"note": said})


def rename(house: House, brief: str, title: str, who: str, seen: str = "") -> Edition:
    """Give the brief another title."""
    named = briefs.short(title, "A title", 300)
    return _work(house, brief, seen, "gave it another title", who, lambda before: {"title": named})


def issue(house: House, brief: str, who: str, seen: str = "") -> Edition:
    """Issue a brief. Raises EvidenceError when a line's evidence can't be opened, UsageError when it has no line."""

    def changed(before: Edition) -> dict[str, object]:
        if not before.lines:
            raise UsageError("A brief without a line says nothing. Add claims to it first: purport briefs add.")
        if before.status == ISSUED:
            raise UsageError("The brief is issued already. An edit makes it a draft again.")
        opening.check(house, before)
        return {"status": ISSUED}

    return _work(house, brief, seen, "issued it", who, changed, DRAFT)


def withdraw(house: House, brief: str, why: str, who: str, seen: str = "") -> Edition:
    """Withdraw a brief that was issued. Raises UsageError."""
    said = briefs.short(why, "Why it is withdrawn")

    def changed(before: Edition) -> dict[str, object]:
        if before.status != ISSUED:
            raise UsageError(f"The brief is {before.status}: only what is issued can be withdrawn.")
        return {"status": WITHDRAWN}

    return _work(house, brief, seen, f"withdrew it: {said}", who, changed)


def shown(house: House, edition: Edition) -> Shown:
    """A brief with the records that its lines rest on, as far as they can be opened; what can't is told of."""
    opened, found = opening.Opened(house), {}
    records: dict[str, tuple[Report, Capture]] = {}
    claims: dict[str, Claim] = {}
    for line in edition.lines:
        found[line.id] = tuple(opening.faults(opened, line))
        for one in line.exhibits:
            try:
                if one.report and one.report not in records:
                    records[one.report] = house.view.report(one.report), house.view.capture(one.capture)
                if one.kind == CLAIM:
                    claims[one.id] = house.view.claim(one.id)[0]
            except NotFoundError:
                continue  # the line's faults tell of it
    places = {one.capture: _place(house, one) for line in edition.lines for one in line.exhibits if not one.report}
    return Shown(edition, records, claims, places, found, level(house, edition), tuple(looks(house, edition.brief)))


def _place(house: House, one: Exhibit) -> str:
    try:
        return house.view.capture(one.capture).place
    except NotFoundError:
        return one.id


def looks(house: House, subject: str) -> Iterator[Standing]:
    """The marks "look again" of something, the latest first."""
    return (one for kept in house.looks for one in kept.marks((subject,)))


def level(house: House, edition: Edition) -> str:
    """How far a brief may go (TLP): the narrowest of its own mark and of what its lines rest on."""
    of_report, of_release = levels(house)
    found = [marked(house).brief(edition.brief) or CLEAR]
    for one in {exhibit for line in edition.lines for exhibit in line.exhibits}:
        try:
            if one.report:
                found.append(of_report(house.view.report(one.report)))
            else:
                found.append(of_release(one.id, house.view.capture(one.capture)))
        except NotFoundError:
            continue  # the line can't be opened, and nothing goes out
    return max(found, key=LEVELS.index)


def export(
    house: House, brief: str, form: str, ceiling: str, who: str, fonts: folio.Fonts = (), number: int = 0
) -> tuple[bytes, Edition]:
    """The brief as it stands, or an edition of it, in a form of `folio.FORMS`; the custody log tells of it.

    Raises EvidenceError when a line can't be opened or the brief is marked above the ceiling, and UsageError.
    """
    if form not in folio.FORMS:
        raise UsageError(f"A brief is written as {', '.join(folio.FORMS)}; {form!r} is none of them.")
    now = opened(house, brief)
    if number:
        now = next((one for one in editions(house, now.brief) if one.number == number), now)
        if now.number != number:
            raise NotFoundError(f"The brief has {now.number} editions; there is no edition {number}.")
    opening.check(house, now)
    made = shown(house, now)
    if above(made.level, parsed(ceiling)):
        raise EvidenceError(
            f"The brief, or what a line of it rests on, is marked TLP:{made.level}, above TLP:{parsed(ceiling)}. "
            "Give --tlp as wide as its readers allow, or take those lines out."
        )
    data = folio.FORMS[form](made, fonts)
    about = (now.brief, f"edition {now.number}", form, digest(data))
    house.writer.add(entries=[Deed("export", about, "done", f"by {who}")])
    return data, now


def words(house: House, one: Exhibit) -> str:
    """The prose that a line begins with: who published which words, as they stand."""
    if not one.report:
        return f"Footage: {_place(house, one)}"
    report = house.view.report(one.report)
    start, end = one.pieces[0][0], one.pieces[-1][1]
    whole = end - start <= folio.QUOTED and "\n\n" not in report.text[start:end]
    said = report.text[start:end] if whole else " … ".join(one.words)
    when = next(map(folio.day, report.published), "")
    from_ = ", ".join(filter(None, (report.outlet or "A report without an outlet", when)))
    return f"{from_}: “{' '.join(said.split())}”"


def _work(
    house: House,
    brief: str,
    seen: str,
    did: str,
    who: str,
    changed: Callable[[Edition], dict[str, object]],
    status: str = DRAFT,
) -> Edition:
    """Add an edition. Whatever is done to an issued or withdrawn brief makes a draft of it, unless it says so."""
    before = _open(house, brief, seen)
    next = briefs.worked(before, did, who, house.clock.now(), **({"status": status} | changed(before)))
    _kept(house).keep(next)
    return next


def _open(house: House, brief: str, seen: str) -> Edition:
    now = opened(house, brief)
    if seen and now.id != seen:
        raise UsageError(
            f"The brief was worked on meanwhile: {now.who} {now.did}. Look at it as it is now, then do yours again."
        )
    return now


def _at(edition: Edition, line: str) -> int:
    """Where a line stands, by its number from 1, or by its id or the beginning of it. Raises NotFoundError."""
    if line.isascii() and line.isdigit() and len(line) < 4:
        if 1 <= int(line) <= len(edition.lines):
            return int(line) - 1
    else:
        whole = [at for at, one in enumerate(edition.lines) if one.id == line]
        found = whole or [at for at, one in enumerate(edition.lines) if len(line) > 5 and one.id.startswith(line)]
        if len(found) == 1:
            return found[0]
    raise NotFoundError(f"The brief has no line {line}; it has {folio.number(len(edition.lines), 'line')}.")


def _kept(house: House) -> Briefs:
    for kept in house.briefs:
        return kept
    raise UsageError("Briefs are kept in a ledger; this house has none.")
