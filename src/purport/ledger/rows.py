"""Records as rows: the columns to search and to read, and the record whole as JSON.

Rows are tuples in the order of the columns in `tables.py`, without `number` and `text`, which the database fills in:
naming each value would cost a third of the time that appending takes.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import msgspec

from purport.core.custody import Entry, Stamp, canonical, columns_of, hash_of
from purport.core.ids import make_id
from purport.core.matches import Comparison
from purport.core.records import Capture, Claim, Gap, Reading, Release, Report
from purport.core.spans import words
from purport.core.times import Moment, iso
from purport.core.watching import Exchange, Listed, Visit

Row: TypeAlias = tuple[Any, ...]

_encoder = msgspec.json.Encoder()


def _json(record: msgspec.Struct) -> str:
    return _encoder.encode(record).decode()


def _start(times: tuple[Moment, ...]) -> str:
    return iso(times[0].start) if times else ""


def capture_row(capture: Capture) -> Row:
    return (
        capture.id,
        capture.place,
        capture.url,
        iso(capture.taken),
        capture.media_type,
        capture.kind,
        capture.size,
        capture.digest,
        int(capture.stored),
        _json(capture),
    )


def report_row(report: Report, capture: int) -> Row:
    return (
        report.id,
        capture,
        report.outlet,
        _start(report.published),
        report.title,
        report.byline,
        report.url,
        report.language,
        report.input_id,
        report.text_digest,
        _json(report),
    )


def reading_row(reading: Reading, report: int) -> Row:
    return (reading.id, report, reading.reader)


def claim_rows(claims: Iterable[Claim], reading: int, text: str) -> Iterator[Row]:
    """The rows of a reading's claims, with the words of each role taken from the report's text."""
    for position, claim in enumerate({claim.id: claim for claim in claims}.values()):
        yield (
            claim.id,
            reading,
            position,
            words(text, claim.source),
            claim.speaker[0].text if claim.speaker else "",
            words(text, claim.cue),
            words(text, claim.content),
            claim.act,
            claim.stance,
            claim.polarity,
            claim.certainty,
            claim.quote,
            claim.source_kind,
            claim.target[0].text if claim.target else "",
            _start(claim.time),
            claim.depth,
            int(claim.repeated),
            claim.confidence,
            _json(claim),
        )


def gap_row(gap: Gap) -> Row:
    return (
        gap.id,
        gap.stage,
        gap.subject,
        gap.cause,
        gap.detail,
        iso(gap.seen),
        _json(gap),
    )


def release_row(release: Release, capture: int) -> Row:
    return (
        release.id,
        capture,
        release.version,
        release.kind,
        release.container,
        ", ".join(release.codecs),
        release.duration,
        release.width,
        release.height,
        _start(release.created),
        release.provenance.verdict,
        release.prints,
        _json(release),
    )


def comparison_row(comparison: Comparison, release: int) -> Row:
    return (
        comparison.id,
        release,
        comparison.matcher,
        comparison.library,
        comparison.searched,
        comparison.seconds,
        iso(comparison.at),
        _json(msgspec.structs.replace(comparison, matches=())),  # they have rows of their own
    )


def match_rows(comparison: Comparison, number: int, releases: Mapping[str, int]) -> Iterator[Row]:
    """The rows of a comparison's matches; `releases` gives the numbers of those that they lead to."""
    for position, match in enumerate(comparison.matches):
        yield (
            make_id("match", comparison.id, position),
            number,
            releases[match.reference],
            match.query_start,
            match.query_end,
            match.reference_start,
            match.reference_end,
            match.speed,
            int(match.mirrored),
            match.kind,
            match.score,
            _json(match),
        )


def entry_row(entry: Entry) -> Row:
    record = canonical(entry)
    return (hash_of(record), *columns_of(entry), record.decode())


def stamp_row(stamp: Stamp) -> Row:
    return (
        stamp.id,
        stamp.first,
        stamp.last,
        stamp.root,
        stamp.authority,
        iso(stamp.at),
        _json(stamp),
    )


def listed_row(listed: Listed) -> Row:
    return (
        listed.id,
        listed.source,
        listed.kind,
        listed.url,
        listed.title,
        listed.published,
        iso(listed.seen),
        _json(listed),
    )


def exchange_row(exchange: Exchange) -> Row:
    return (
        exchange.id,
        exchange.url,
        iso(exchange.asked),
        exchange.status,
        exchange.archive,
        exchange.offset,
        exchange.end,
        exchange.digest,
        exchange.size,
        exchange.media_type,
        exchange.same_as,
        exchange.cut,
        _json(exchange),
    )


def visit_row(visit: Visit, item: int, capture: int) -> Row:
    return (
        visit.id,
        visit.source,
        item,
        visit.url,
        iso(visit.at),
        visit.outcome,
        visit.cause,
        capture,
        visit.tries,
        iso(visit.next),
        _json(visit),
    )
