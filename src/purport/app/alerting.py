"""The steps from what was just booked to people who want to hear of it.

    claims, edits, gaps, pages gone -> events -> rules -> alerts -> outbox -> terminal | feed | webhook

An alert goes into the ledger before it goes anywhere else, due at the places its rule names. What was delivered is
never delivered again; what could not be is a gap, and is tried again when something is delivered next, for a day.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from purport.app.editing import revisions
from purport.brief import alerts as say
from purport.brief import edit_lines
from purport.core.absence import Absence
from purport.core.alerts import CLAIM, EDIT, FEED, GAP, GONE, LOOK, TERMINAL, Alert, Event, Rule, matched
from purport.core.edits import Edit, Version
from purport.core.errors import PurportError
from purport.core.ids import make_id
from purport.core.looks import Look
from purport.core.ports import Clock, Feeds, Hook, Outbox, View, Writer
from purport.core.records import Claim, Gap, Reading, Report, gap
from purport.core.spans import words
from purport.read.lexicon import lexicon

NEWEST = 200  # entries of a feed
AGAIN = timedelta(days=1)  # for so long an alert is tried to be told
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of a report that states no day
SENT, FAILED = "sent", "failed"


@dataclass(frozen=True, slots=True)
class Post:
    """What alerts are delivered with."""

    outbox: Outbox
    hook: Hook
    feeds: Feeds
    writer: Writer  # for gaps
    clock: Clock


def tell(post: Post, rules: Sequence[Rule], events: Iterable[Event]) -> Iterator[Alert | Gap]:
    """Match what was just booked and deliver it. Yields what is for the terminal, and gaps, booked already.

    Where nothing matches the ledger is not asked: a watch calls this many times a second.
    """
    found = list(matched(rules, events))
    if found:
        yield from deliver(post, rules, found)


def deliver(post: Post, rules: Sequence[Rule], alerts: Iterable[Alert]) -> Iterator[Alert | Gap]:
    """Deliver alerts, and those that could not be delivered before, to all places the rules name."""
    by_name = {rule.name: rule for rule in rules}
    addressed = [(alert, [address(to) for to in by_name[alert.rule].to]) for alert in alerts]
    if addressed:
        post.outbox.put(addressed)
    since = post.clock.now() - AGAIN
    for to, private in _places(rules).items():
        due = list(post.outbox.due(address(to), since))
        if not due:
            continue
        if to == TERMINAL:
            yield from due
            post.outbox.done(due, address(to), SENT, to)
        elif to.startswith(FEED):
            yield from _to_feed(post, to, due)
        else:
            yield from _to_hook(post, to, due, private)


def _places(rules: Iterable[Rule]) -> dict[str, bool]:
    """Each place once, and whether a rule that names it allows it to be private."""
    found: dict[str, bool] = {}
    for rule in rules:
        for to in rule.to:
            found[to] = found.get(to, False) or rule.allow_private
    return found


def address(to: str) -> str:
    """By what the ledger knows a place: a digest, since a webhook's address is often its password."""
    return make_id("address", to)


def _to_feed(post: Post, to: str, due: Sequence[Alert]) -> Iterator[Gap]:
    """The file is written anew with the newest entries; until it is, nothing counts as delivered."""
    newest = list(post.outbox.told(address(to), NEWEST))
    try:
        post.feeds.write(to.removeprefix(FEED), say.feed(newest, to.removeprefix(FEED)))
    except PurportError as error:
        yield _gap(post, to, "feed", str(error))
        post.outbox.done(due, address(to), FAILED, to)
    else:
        post.outbox.done(due, address(to), SENT, to)


def _to_hook(post: Post, to: str, due: Sequence[Alert], private: bool) -> Iterator[Gap]:
    """One after the other, each written down before the next; when one fails the others wait, too."""
    shown = say.host(to)
    for alert in due:
        try:
            post.hook.post(to, msgspec.json.encode(say.as_json(alert)), alert.id, private)
        except PurportError as error:
            yield _gap(post, shown, getattr(error, "cause", "refused-address"), str(error))
            post.outbox.done([alert], address(to), FAILED, shown)
            return
        post.outbox.done([alert], address(to), SENT, shown)


def _gap(post: Post, subject: str, cause: str, detail: str) -> Gap:
    made = gap("alert", subject, cause, f"{detail} The alert is kept and tried again for a day.", post.clock.now())
    post.writer.add(gaps=[made])
    return made


def of_claims(report: Report, reading: Reading, at: datetime, source: str = "") -> Iterator[Event]:
    """The claims of a reading that was just booked; of what a report says twice, the first."""
    for claim in reading.claims:
        if not claim.repeated:
            yield _event(
                id=claim.id,
                on=CLAIM,
                said=say.claim(claim, report),
                at=at,
                source=source,
                report=report,
                of=(claim,),
                words=" ".join(words(report.text, role) for role in (claim.source, claim.cue, claim.content)),
                evidence=(claim.id, report.id, report.capture),
            )


def of_edits(before: Version, after: Version, edits: Iterable[Edit], at: datetime, source: str = "") -> Iterator[Event]:
    """The edits of a page that was captured again."""
    claims = {claim.id: claim for version in (before, after) for claim in version.claims}
    for edit in edits:
        places = (edit.before, edit.after)
        yield _event(
            id=edit.id,
            on=EDIT,
            said=edit_lines.said(edit),
            at=at,
            source=source,
            report=after.report,
            of=tuple(claims[place.claim] for place in places if place.claim in claims),
            words=" ".join((edit.before.words, edit.after.words, edit.about, edit.who)),
            evidence=tuple(dict.fromkeys(id for p in reversed(places) for id in (p.claim, p.report, p.capture) if id)),
            actors=(edit.who,) if edit.who else (),
        )


def of_gap(one: Gap, source: str = "") -> Event:
    """Something that could not be had."""
    said = f"{one.subject}: {one.detail}"
    return Event(id=one.id, on=GAP, said=said, at=one.seen, source=source, words=said, evidence=(one.id,))


def of_look(one: Look) -> Event:
    """Something that rests on what was edited, gone, denied or found reused."""
    name = one.path[0] if one.path else one.subject
    said = f"look again: {one.kind} “{edit_lines.shortened(name)}”: {one.reason}"
    return Event(id=one.id, on=LOOK, said=said, at=one.at, words=said, evidence=(one.subject, one.id))


def of_absence(
    absence: Absence, url: str, at: datetime, visit: str, source: str = "", reports: Sequence[Report] = ()
) -> Event:
    """A page that is gone, with the last report of it, none or one. `visit`: the id of what found it so."""
    known = next(iter(reports), None)
    name = f" “{known.title}”" if known and known.title else ""
    said = f"gone{name}: {url}: {absence.detail}"
    return Event(
        id=make_id("gone", url, visit),
        on=GONE,
        said=said + (f" (“{edit_lines.shortened(absence.words)}”)" if absence.words else ""),
        at=at,
        source=source,
        outlet=known.outlet if known else "",
        url=url,
        title=known.title if known else "",
        language=known.language if known else "",
        words=f"{known.title}\n{known.text}" if known else url,
        evidence=tuple(filter(None, (visit, known.id if known else "", known.capture if known else ""))),
    )


def known_acts() -> frozenset[str]:
    """The acts that a claim may have, for rules to be checked against."""
    known = lexicon()
    negated = (outcome.act for outcome in known.negated.values())
    return frozenset((*(group.act for group in known.groups), *negated, *(frame.act for frame in known.frames)))


def past(view: View, last: int) -> Iterator[Event]:
    """What rules could have been told: the last so many claims by publication, edits of pages, and gaps."""
    readings = deque(view.claims(), maxlen=last)
    for claim, report in readings:
        yield from of_claims(report, Reading("", report.id, "", (claim,)), _published(report))
    found = (
        event for one in revisions(view) for event in of_edits(one.before, one.after, one.edits, one.captures[1].taken)
    )
    yield from deque(found, maxlen=last)
    yield from map(of_gap, deque(view.gaps(), maxlen=last))


def _published(report: Report) -> datetime:
    return next((moment.start for moment in report.published), NEVER)


def _event(
    *,
    id: str,
    on: str,
    said: str,
    at: datetime,
    source: str,
    report: Report,
    of: tuple[Claim, ...],
    words: str,
    evidence: tuple[str, ...],
    actors: tuple[str, ...] = (),
) -> Event:
    """An event of a report and its claims: none, one, or one before and one after."""
    return Event(
        id=id,
        on=on,
        said=said,
        at=at,
        source=source,
        outlet=report.outlet,
        url=report.url,
        title=report.title,
        language=report.language,
        acts=tuple(dict.fromkeys(claim.act for claim in of)),
        stances=tuple(dict.fromkeys(claim.stance for claim in of)),
        actors=tuple(dict.fromkeys((*actors, *(one for claim in of for one in _actors(claim, report))))),
        words=words,
        evidence=evidence,
    )


def _actors(claim: Claim, report: Report) -> Iterator[str]:
    """Who speaks, in the report's words and by the fullest mention, and of whom it is said."""
    if claim.source:
        yield words(report.text, claim.source)
    yield from (one.text for one in claim.speaker)
    yield from (one.text for one in claim.target)
