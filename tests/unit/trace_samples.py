"""Stories as they stand in a test: texts that are read, or claims told as records; and what tracing makes of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from purport.core.copies import A_TO_B, COPY, Copy, Passage
from purport.core.ids import digest, make_id
from purport.core.matches import SAME_FOOTAGE, Match
from purport.core.origins import Account, Dispute, Graph, Link
from purport.core.ports import Reader
from purport.core.records import Capture, Claim, Hop, Item, Mention, Note, Release, Report
from purport.core.references import FIRM, Evidence, Reference
from purport.core.times import Moment
from purport.read import article
from purport.read.quotes import inside
from purport.trace.copies import Copies
from purport.trace.disputes import disputes
from purport.trace.graph import Material, build
from purport.trace.known import Known, know
from purport.trace.threads import groups, story_account

NOON = datetime(2031, 4, 3, 12, tzinfo=UTC)


def item(text: str, outlet: str = "", published: str = "", url: str = "", title: str = "") -> Item:
    data = text.encode()
    place = f"{outlet or 'text'}-{len(text)}.txt"
    capture = Capture(make_id("capture", place, digest(data)), place, digest(data), len(data), NOON, url=url)
    return Item(capture, data, title=title, published=published, outlet=outlet)


def read(stories: Iterable[Mapping[str, Any]], reader: Reader) -> list[tuple[Report, tuple[Claim, ...]]]:
    """Texts the whole way: article, then reader."""
    reports = [found for one in stories for found in article.report(item(**one), NOON)[0]]
    return [(report, reading.claims) for report, (reading, _) in zip(reports, reader.read(reports), strict=True)]


def copies_of(reports: Sequence[Report]) -> list[Copy]:
    by_id = {report.id: report for report in reports}
    found = Copies(by_id.__getitem__, lambda report: inside(report.text))
    return [copy for report in reports for copy in found.add(report)]


class Told:
    """Claims told as records: reports named by their outlets, each an hour after the one before."""

    def __init__(self, reports: Sequence[Mapping[str, Any]], reuses: Sequence[Sequence[str]] = ()) -> None:
        self.readings = [told(one, number) for number, one in enumerate(reports)]
        self.ids = {report.outlet: report.id for report, _ in self.readings}
        by_id = {report.id: report for report, _ in self.readings}
        self.copies = [
            whole(by_id[self.ids[original]], by_id[self.ids[one["outlet"]]])
            for one in reports
            for original in one.get("copies", ())
        ]
        self.links = [
            Link(self.ids[one["outlet"]], self.ids[to], f"https://{to.lower()}.example/")
            for one in reports
            for to in one.get("links", ())
        ]
        names = sorted({one["shows"] for one in reports if "shows" in one})
        self.releases = [release(name, number) for number, name in enumerate(names)]
        self.references = [
            Reference(
                make_id("reference", one["outlet"]),
                self.ids[one["outlet"]],
                (make_id("release", one["shows"]),),
                (Evidence("link", f"https://clips.example/{one['shows']}"),),
                FIRM,
            )
            for one in reports
            if "shows" in one
        ]
        self.matches = [match(*pair) for pair in reuses]

    def material(self) -> Material:
        return Material(self.readings, self.copies, self.references, self.matches, self.links, self.releases)


def told(one: Mapping[str, Any], number: int) -> tuple[Report, tuple[Claim, ...]]:
    """A report with the claims that `says` lists, its text made of them."""
    said = [(*entry, "said")[:4] for entry in one.get("says", ())]
    text, spans = f"{one['outlet']} wrote. ", []
    for source, _, content, cue in said:
        source = source.removeprefix("> ")
        start = len(text)
        text += f"{source} {cue.split()[0]} {cue.partition(' ')[2]} {content}. "
        middle = start + len(source) + 1
        end = middle + len(cue.split()[0])
        spans.append(((start, start + len(source)), (middle, end), (len(text) - len(content) - 2, len(text) - 2)))
    at = NOON + timedelta(hours=number)
    id = make_id("report", one["outlet"], text)
    credits = tuple(Note(name, kind="source") for name in one.get("credits", ()))
    report = Report(
        id, make_id("capture", id), text, digest(text.encode()), outlet=one["outlet"], credits=credits,
        published=(Moment(at, at + timedelta(minutes=1)),),
    )  # fmt: skip
    return report, tuple(_claims(report, said, spans))


def _claims(report: Report, said: Sequence[Sequence[str]], spans: Sequence[Any]) -> Iterator[Claim]:
    outer: tuple[Hop, ...] = ()
    for number, ((source, kind, _, cue), places) in enumerate(zip(said, spans, strict=True)):
        id = make_id("claim", report.id, number)
        hop = Hop(kind, source, places[0], id)
        chain = (*outer, hop) if source.startswith("> ") else (hop,)
        outer = chain
        yield claim(id, report, *places, kind=kind, chain=chain, to=cue.partition(" ")[2])


def claim(id: str, report: Report, source: Any, cue: Any, content: Any, kind: str, chain: Any, to: str = "") -> Claim:
    return Claim(
        id=id, report=report.id, source=(source,), cue=(cue,), content=(content,), act="say", stance="plain",
        polarity="+", certainty="certain", quote="none", source_kind=kind, confidence=0.9, chain=chain,
        target=(Mention(to, (0, 0)),) if to else (),
    )  # fmt: skip


def whole(original: Report, taker: Report) -> Copy:
    """All of both texts in common."""
    passage = Passage((0, len(original.text)), (0, len(taker.text)), len(taker.text.split()), COPY)
    return Copy(
        id=make_id("copy", original.id, taker.id), a=original.id, b=taker.id, kind=COPY, passages=(passage,),
        share_a=1.0, share_b=1.0, direction=A_TO_B,
    )  # fmt: skip


def release(name: str, number: int) -> tuple[Release, Capture]:
    """Files made in the order of their names: the first is the oldest."""
    capture = Capture(make_id("capture", name), name, digest(name.encode()), 1, NOON + timedelta(hours=number))
    return Release(id=make_id("release", name), capture=capture.id, kind="video", version="1"), capture


def match(query: str, reference: str) -> Match:
    return Match(
        query=make_id("release", query), reference=make_id("release", reference), query_start=1.0, query_end=9.0,
        reference_start=31.0, reference_end=39.0, speed=1.0, mirrored=False, kind=SAME_FOOTAGE, score=0.9,
    )  # fmt: skip


def material(story: Mapping[str, Any], reader: Reader) -> Material:
    if "told" in story:
        return Told(story["told"], story.get("reuses", ())).material()
    readings = read(story["read"], reader)
    return Material(readings, copies_of([report for report, _ in readings]))


def traced(made: Material) -> tuple[Known, Graph, Account]:
    known = know(made.readings, made.copies, made.references)
    graph = build(made, known)
    return known, graph, story_account(known, graph, groups(known))


def disputed(texts: Sequence[str], reader: Reader) -> list[Dispute]:
    """The disputes of some texts, each published by another outlet, a day after the one before."""
    given = [
        {"text": text, "outlet": f"Outlet {number}", "published": f"2031-04-{number + 1:02}T08:00:00Z"}
        for number, text in enumerate(texts)
    ]
    return list(disputes(know(read(given, reader), (), ())))
