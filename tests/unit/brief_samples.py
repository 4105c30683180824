"""Reports with claims marked by hand, as a reader would hand them to a brief."""

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from purport.brief.brief import Brief, build
from purport.brief.demo import places
from purport.core.ids import digest, make_id
from purport.core.records import (
    Capture,
    Claim,
    Gap,
    Hop,
    Mention,
    Note,
    Reading,
    Reason,
    Report,
    Speaker,
    gap,
)
from purport.core.spans import Pieces, Span, cover, select
from purport.core.times import Moment

CLOCK = datetime(2024, 3, 9, 7, 30, tzinfo=UTC)


def a_day(year: int, month: int, day: int, words: str = "", span: Span = (0, 0)) -> Moment:
    start = datetime(year, month, day, tzinfo=UTC)
    return Moment(start, start + timedelta(days=1), words, span)


def a_report(text: str, **fields: Any) -> tuple[Report, Capture]:
    """A report of some text and the capture it would have been read from."""
    data = text.encode()
    place = fields.pop("place", "samples/report.txt")
    capture = Capture(make_id("capture", place, digest(data)), place, digest(data), len(data), CLOCK)
    report = Report(make_id("report", digest(data)), capture.id, text, digest(data), **fields)
    return report, capture


class Hand:
    """Marks claims in one report; keeps them in order."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.claims: list[Claim] = []

    def find(self, words: str | tuple[str, ...], at: str = "") -> Pieces:
        """The places of some words, searched from where `at` stands; several make a piece each."""
        begin = self.report.text.index(at) if at else 0
        pieces = []
        for part in (words,) if isinstance(words, str) else words:
            if part:
                start = self.report.text.index(part, begin)
                pieces.append((start, start + len(part)))
        return tuple(pieces)

    def says(
        self,
        source: str | tuple[str, ...],
        cue: str | tuple[str, ...],
        content: str | tuple[str, ...],
        act: str = "say",
        *,
        at: str = "",
        stance: str = "plain",
        speaker: str = "",
        target: str = "",
        time: Moment | None = None,
        inside: Claim | None = None,
        kind: str = "organisation",
        via: tuple[Hop, ...] = (),
        **fields: Any,
    ) -> Claim:
        report = self.report
        spans = {"source": self.find(source, at), "cue": self.find(cue, at), "content": self.find(content, at)}
        id = make_id("claim", report.id, len(self.claims))
        outer = tuple(inside.chain) if inside else (Hop("outlet", report.outlet), *via)
        who = speaker or " ".join(report.text[s:e] for s, e in spans["source"])
        reasons = [Reason("act", act, report.text[s:e], (s, e), f"cue:{act}") for s, e in spans["cue"]]
        if stance != "plain":
            reasons += [Reason("stance", stance, report.text[s:e], (s, e), f"cue:{stance}") for s, e in spans["cue"]]
        if time and time.words:
            (where,) = self.find(time.words, at)
            time = Moment(time.start, time.end, time.words, where)
        claim = Claim(
            id=id,
            report=report.id,
            **spans,
            act=act,
            stance=stance,
            **{"polarity": "+", "certainty": "certain", "quote": "indirect", "confidence": 0.91} | fields,
            source_kind=kind,
            speaker=tuple(Speaker(speaker, span, 0.84) for span in self.find(speaker)),
            target=tuple(Mention(target, span) for span in self.find(target, at)) if target else (),
            time=(time,) if time else (),
            chain=(*outer, Hop(kind, who, cover(spans["source"]), id)),
            reasons=tuple(reasons),
            selector=select(report.text, cover(spans["content"] or spans["cue"])),
            within=inside.id if inside else "",
            depth=inside.depth + 1 if inside else 0,
        )
        self.claims.append(claim)
        return claim

    def reading(self) -> Reading:
        return Reading(make_id("reading", self.report.id), self.report.id, "hand 1", tuple(self.claims))


def stored_text(path: Path) -> str:
    """What an extractor keeps of a demo page: one paragraph a line."""
    found = re.findall(r"<(?:h1|p)>(.*?)</(?:h1|p)>", path.read_text("utf-8"))
    return "\n".join(html.unescape(re.sub("<[^>]+>", "", part)) for part in found)


def demo(which: int, outlet: str, day: int, **fields: Any) -> tuple[Hand, Capture]:
    path = places()[which - 1]
    text = stored_text(path)
    title = text.partition("\n")[0]
    report, capture = a_report(
        text, title=title, outlet=outlet, published=(a_day(2024, 3, day),), place=f"demo/{path.name}", **fields
    )
    return Hand(report), capture


def release() -> tuple[Hand, Capture]:
    """The first report of the demo: a release at arm's length, chains, pronouns, an accusation and a denial."""
    credit = "(Harbour Wire) —"
    hand, capture = demo(1, "Harbour Wire", 5, byline="By Ines Talvo")
    at = hand.report.text.index(credit)
    hand.report = _with(hand.report, credits=(Note(credit, (at, at + len(credit)), "dateline"),))
    hand.says(
        "Video", "purportedly shows", "Reed Column fighters training in Quillmarsh", "show",
        stance="distanced", kind="video", confidence=0.97,
    )  # fmt: skip
    hand.says(
        "A video released on Monday by a little-known monitoring group", "purportedly shows",
        "fighters of the Reed Column training in the tidal flats of Quillmarsh, north of the Velmoran capital",
        "show", at="A video", stance="distanced", kind="video", time=a_day(2024, 3, 4, "on Monday"),
    )  # fmt: skip
    group = hand.says("The group, Coast Monitor", "said", "the video had been recorded last week", at="The group")
    video = hand.says(
        "It", "claims to show",
        "some forty men crossing a causeway at low tide and firing at floating targets",
        "show", at="It claims", stance="distanced", speaker="A video released on Monday", kind="video",
    )  # fmt: skip
    del group
    hand.says(
        "the narrator", "says in the six-minute recording", "“We will come with the tide,”", at="“We will",
        quote="direct", kind="person", via=(Hop("organisation", "Coast Monitor"), Hop("video", "the video")),
    )  # fmt: skip
    hand.says(
        "He", "vows",
        "that the Reed Column will close the ship canal “before the first summer market” unless the government "
        "reopens the salt pans",
        "promise", at="He vows", speaker="the narrator", quote="mixed", kind="person",
        via=(Hop("organisation", "Coast Monitor"), Hop("video", "the video")),
    )  # fmt: skip
    hand.says(
        "Harbour Wire", "could not confirm", "where or when the video was made", "confirm",
        at="Harbour Wire could", kind="outlet", certainty="unknown", polarity="-",
    )  # fmt: skip
    villagers = hand.says(
        "Two residents of the village of Low Hythe", "told Harbour Wire",
        "that they had heard shooting on several nights in February", at="Two residents", kind="collective",
        time=Moment(datetime(2024, 2, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC), "in February"),
    )  # fmt: skip
    del villagers, video
    worker = hand.says(
        "One of them, a salt worker who asked not to be named", "said",
        "she believed it came from an army range", at="One of them", kind="unnamed",
    )  # fmt: skip
    hand.says(
        "she", "believed", "it came from an army range", "think", at="she believed", inside=worker,
        kind="unnamed", speaker="a salt worker", certainty="possible",
    )  # fmt: skip
    hand.says(
        "The interior ministry", "declined to comment", "", "decline", at="The interior", kind="government",
        time=a_day(2024, 3, 5, "on Tuesday morning"), quote="none", certainty="unknown",
    )  # fmt: skip
    hand.says(
        "An official there", "said, on condition of anonymity,",
        "that the ministry was “looking at everything that is being passed around”", at="An official",
        kind="unnamed", quote="mixed", confidence=0.88,
    )  # fmt: skip
    hand.says(
        "The government", "accuses", "cutting mooring lines and threatening pilots", "accuse",
        at="The government accuses", kind="government", target="it",
    )  # fmt: skip
    hand.says(
        "The group", "denies", "harming anyone", "deny", at="The group denies", kind="armed_group",
        polarity="-", speaker="The Reed Column",
    )  # fmt: skip
    hand.says(
        "its statements", "say", "it only defends the marsh", at="its statements", kind="document",
        confidence=0.71,
    )  # fmt: skip
    return hand, capture


def denial() -> tuple[Hand, Capture]:
    """The fourth: a claim inside a claim inside a claim, and a denial that quotes what it rejects."""
    hand, capture = demo(4, "Velmora Today", 6, byline="By Ruben Askeld")
    at = "The interior ministry on"
    hand.says(
        "The interior ministry", "denied", "that the authorities had lost control of the Quillmarsh flats",
        "deny", at=at, kind="government", polarity="-", time=a_day(2024, 3, 6, "on Wednesday"),
    )  # fmt: skip
    unseen = hand.says(
        "The interior ministry", ("on Wednesday", "said"),
        "it had not seen the video that is said to show armed men training there", at=at, kind="government",
        polarity="-", time=a_day(2024, 3, 6, "on Wednesday"),
    )  # fmt: skip
    hand.says(
        "the video", "is said to show", "armed men training there", "show", at="the video that is said",
        inside=unseen, kind="video", stance="distanced",
    )  # fmt: skip
    hand.says(
        "ministry spokeswoman Dara Finlow", "told reporters", "“There is no camp and there was no exercise,”",
        at="“There", quote="direct", kind="person", polarity="-",
    )  # fmt: skip
    hand.says(
        "She", "said", "patrol boats had passed the causeway every night since January", at="She said patrol",
        kind="person", speaker="ministry spokeswoman Dara Finlow",
    )  # fmt: skip
    hand.says(
        "the Reed Column", "accused", "cutting the power to four marsh villages to stop people from sharing "
        "the video", "accuse", at="the Reed Column accused", kind="armed_group", target="the ministry",
    )  # fmt: skip
    mocked = hand.says(
        "Finlow", "said",
        ("a storm had brought down the line, and that", "“the Reed Column's claim that we switched off the "
         "lamps of our own citizens is absurd”"), at="Finlow said a storm", quote="mixed", kind="person",
        speaker="ministry spokeswoman Dara Finlow",
    )  # fmt: skip
    accused = hand.says(
        "the Reed Column's", "claim", "that we switched off the lamps of our own citizens",
        at="the Reed Column's claim", inside=mocked, kind="armed_group", stance="distanced",
    )  # fmt: skip
    hand.says(
        "The ministry", "rejected", "the accusation", "deny", at="The ministry rejected", kind="government",
        polarity="-",
    )  # fmt: skip
    del accused
    hand.says(
        "A lawyer for the villages, Tamsin Orrel", "criticised", "both sides", "criticise", at="A lawyer",
        kind="person",
    )  # fmt: skip
    hand.says(
        "she", "said", ("“One of them says it is the wind and the other says it is the state,”",
                        "“My clients say it is dark.”"), at="“One of them", quote="direct", kind="person",
        speaker="Tamsin Orrel",
    )  # fmt: skip
    return hand, capture


def copy() -> tuple[Hand, Capture]:
    hand, capture = demo(2, "Sennet Courier", 5)
    via = (Hop("credit", "Harbour Wire"),)
    hand.report = _with(hand.report, credits=(Note("(Harbour Wire) —"), Note("Source: Harbour Wire")))
    hand.says(
        "A video released on Monday by a little-known monitoring group", "purportedly shows",
        "fighters of the Reed Column training in the tidal flats of Quillmarsh, north of the Velmoran capital",
        "show", at="A video", stance="distanced", kind="video", via=via, time=a_day(2024, 3, 4, "on Monday"),
    )  # fmt: skip
    hand.says("The group, Coast Monitor", "said", "the video had been recorded last week", at="The group", via=via)
    hand.says(
        "The harbour master of Port Sennet, Oda Brell", "told the Courier",
        "that shipping was normal on Tuesday and that no pilot had reported anything unusual",
        at="The harbour master", kind="office", time=a_day(2024, 3, 5, "on Tuesday"),
    )  # fmt: skip
    return hand, capture


def _with(report: Report, **fields: Any) -> Report:
    import msgspec

    return msgspec.structs.replace(report, **fields)


def some_gaps(report: Report) -> list[Gap]:
    return [
        gap("read", report.id, "no speaker", "“it” in the last paragraph fits two names; none was chosen.", CLOCK),
        gap(
            "collect", "demo/cover.jpg", "binary",
            "This file is an image, not text: name the page that shows it, or use `purport footage`.", CLOCK,
        ),
    ]  # fmt: skip


def story() -> Brief:
    """Four reports of the demo, one of them without a claim."""
    bare, bare_capture = demo(5, "Ellin Observer", 7, byline="By Maud Kestrin")
    made = [release(), copy(), denial(), (bare, bare_capture)]
    return build(
        [(hand.report, hand.reading()) for hand, _ in made],
        [capture for _, capture in made],
        some_gaps(made[0][0].report),
        CLOCK,
        "Who says what about the Quillmarsh video",
    )
