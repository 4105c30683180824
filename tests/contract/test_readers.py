"""What every reader must do (`core.ports.Reader`), whichever way it comes by its attributions."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx2
import pytest
from model_samples import CUES, SOURCES, WordModel

from purport.core.ids import digest, make_id
from purport.core.ports import Explainer, Reader
from purport.core.records import Report
from purport.core.spans import cover
from purport.edges.endpoint import EndpointReader
from purport.read.reader import ClaimReader

TEXTS = (
    "The mayor denied boats sank.",
    "The clerk said rain fell. The baker claimed bread burned. The mayor said rain fell.\nThe clerk said rain fell.",
    "Nothing happened.",
    "“The mayor said boats sank”, somebody wrote 🛶. The clerk said boats sank.",
)


class Clock:
    def now(self) -> datetime:
        return datetime(2031, 5, 4, tzinfo=UTC)


def by_heart(request: httpx2.Request) -> httpx2.Response:
    """A language model that knows the same few words, and answers in the text's order."""
    text = json.loads(request.content)["messages"][1]["content"]
    given = []
    for sentence in text.replace("\n", " ").split("."):
        said = sentence.replace("“", " ").replace("”", " ").split()
        for at, word in enumerate(said):
            if word in CUES and said[at - 1] in SOURCES:
                given.append(
                    {"source": said[at - 1], "cue": word, "content": [" ".join(said[at + 1 : at + 3]).rstrip(",")]}
                )
    content = json.dumps({"attributions": given})
    body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
    return httpx2.Response(200, stream=httpx2.ByteStream(body))


READERS: dict[str, Callable[[], Reader]] = {
    "network": lambda: ClaimReader(WordModel()),
    "endpoint": lambda: EndpointReader(
        "http://127.0.0.1:8000/v1", "orla-8b", Clock(), transport=httpx2.MockTransport(by_heart)
    ),
}


@pytest.fixture(params=list(READERS))
def reader(request: pytest.FixtureRequest) -> Iterator[Reader]:
    yield READERS[request.param]()


def report(text: str, language: str = "en") -> Report:
    return Report(make_id("report", text, language), "capture-1", text, digest(text.encode()), language=language)


def test_there_is_an_answer_for_each_report_in_order(reader: Reader) -> None:
    reports = [report(text) for text in TEXTS]
    answers = reader.read(reports)
    assert [reading.report for reading, _ in answers] == [one.id for one in reports]
    assert [len(reading.claims) for reading, _ in answers] == [1, 4, 0, 2]
    assert reader.read([]) == []


def test_readings_and_claims_carry_ids_of_this_reader(reader: Reader) -> None:
    ((reading, _),) = reader.read([report(TEXTS[1])])
    assert reading.reader == reader.version
    assert reading.id.startswith("reading-")
    assert len({claim.id for claim in reading.claims}) == len(reading.claims)
    assert all(claim.report == reading.report for claim in reading.claims)


def test_reading_again_gives_the_same_records(reader: Reader) -> None:
    reports = [report(text) for text in TEXTS]
    first, version = reader.read(reports), reader.version
    assert [r for r, _ in reader.read(reports[::-1])][::-1] == [r for r, _ in first]
    assert reader.version == version


def test_every_span_stands_in_the_text_and_every_claim_has_a_cue(reader: Reader) -> None:
    for text in TEXTS:
        ((reading, _),) = reader.read([report(text)])
        for claim in reading.claims:
            assert claim.cue
            for start, end in (*claim.source, *claim.cue, *claim.content, *(reason.span for reason in claim.reasons)):
                assert 0 <= start < end <= len(text)
            begin, stop = cover((*claim.source, *claim.cue, *claim.content))
            assert claim.selector.exact == text[begin:stop]


def test_labels_come_with_the_words_that_decided_them(reader: Reader) -> None:
    ((reading, _),) = reader.read([report(TEXTS[0])])
    (claim,) = reading.claims
    assert (claim.act, claim.polarity, claim.source_kind) == ("deny", "-", "office")
    assert {"act", "stance", "polarity", "certainty"} <= {reason.what for reason in claim.reasons}
    assert 0 < claim.confidence <= 1


def test_other_languages_are_abstained_from(reader: Reader) -> None:
    ((reading, _),) = reader.read([report(TEXTS[0], language="es")])
    assert reading.claims == ()


def test_versions_differ() -> None:
    assert len({make().version for make in READERS.values()}) == len(READERS)


def test_who_can_explain_says_so() -> None:
    assert {name: isinstance(make(), Explainer) for name, make in READERS.items()} == {
        "network": True,
        "endpoint": False,
    }
