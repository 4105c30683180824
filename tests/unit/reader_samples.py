"""Reports as they stand in a test, and a tagger that finds in a text what a table says it holds."""

from collections.abc import Callable, Mapping, Sequence

from purport.core.ids import digest, make_id
from purport.core.ports import Model
from purport.core.records import Note, Report
from purport.core.spans import Pieces
from purport.read.tagger import Attribution

Found = tuple[str, ...]  # source, cue, content; any in pieces by " … "; and how sure, if not 0.9

CHAIN = "The agency says the video claims to show fighters training."
AGENCY: Found = ("The agency", "says", "the video claims to show fighters training")
VIDEO: Found = ("the video", "claims", "to show fighters training")


class NoModel:
    """The tagger is a table: nobody asks the network."""

    version = "none"
    threads = 1


class Table:
    """In place of `read.tagger.tag`: the attributions of each text by the text itself; `asked` keeps the texts."""

    def __init__(self, entries: Mapping[str, Sequence[Found]]) -> None:
        self.entries = entries
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str], model: Model) -> list[list[Attribution]]:
        self.asked.append(list(texts))
        return [[attribution(text, found) for found in self.entries.get(text, ())] for text in texts]


def attribution(text: str, found: Found) -> Attribution:
    source, cue, content = (pieces(text, words) for words in found[:3])
    return Attribution(source, cue, content, float(found[3]) if len(found) > 3 else 0.9)


def pieces(text: str, words: str) -> Pieces:
    return tuple((text.index(part), text.index(part) + len(part)) for part in words.split(" … ") if part)


def report(text: str, outlet: str = "", language: str = "en", credits: str = "", repeat: str = "") -> Report:
    def note(words: str) -> tuple[Note, ...]:
        return (Note(words, (text.index(words), text.index(words) + len(words))),) if words else ()

    capture = make_id("capture", outlet, text)
    sha = digest(text.encode())
    return Report(
        make_id("report", capture, sha),
        capture,
        text,
        sha,
        outlet=outlet,
        language=language,
        credits=note(credits),
        repeats=note(repeat),
    )


Tabled = Callable[[Mapping[str, Sequence[Found]]], Table]
