"""Many reports are read by processes side by side, and each answer is the one that a reader alone gives."""

from pathlib import Path

import pytest
from reader_samples import report

from purport.core.records import Report
from purport.edges import readers
from purport.edges.readers import STEP, ProcessReader
from purport.edges.workshop import ProcessWorkshop
from purport.read.reader import ClaimReader
from purport.wiring import open_reader, open_reader_here

STORY = (
    "The Varnian ministry of health said on Monday that two wards were closed. Mira Tolan, a nurse, denied it. "
    "The agency says the video claims to show fighters training. "
)
WORKER = {STEP: "purport.wiring.reading:run"}


@pytest.fixture(scope="module")
def own() -> ClaimReader:
    return open_reader_here(threads=1)


@pytest.fixture
def samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers find the steps that stand in this folder."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few characters are many here, and some more are long."""
    monkeypatch.setattr(readers, "MANY", 200)
    monkeypatch.setattr(readers, "LONG", 2_000)


def reports() -> list[Report]:
    """Short, longer, long, empty, and one in another language."""
    texts = [STORY, STORY * 3, STORY * 12, "", STORY + "It was quiet."]
    return [report(text) for text in texts] + [report("Der Minister sagte, es sei ruhig.", language="de")]


@pytest.mark.usefixtures("low")
def test_answers_are_those_of_one_reader_and_in_order(own: ClaimReader) -> None:
    many = reports()
    apart = ProcessReader(own, 2, WORKER)
    assert apart.read(many) == own.read(many)
    apart.close()
    assert apart.version == own.version


@pytest.mark.usefixtures("samples")
def test_few_reports_start_no_process(own: ClaimReader) -> None:
    few = [report(STORY), report(STORY * 2)]
    assert ProcessReader(own, 2, {STEP: "workshop_samples:abort"}).read(few) == own.read(few)


@pytest.mark.usefixtures("low", "samples")
def test_a_reader_that_fails_says_so_in_its_own_words(own: ClaimReader) -> None:
    """What a process can't do is tried here, where an error is the one that the caller knows."""
    many = [report(STORY), report(STORY * 2)]
    apart = ProcessReader(own, 2, {STEP: "workshop_samples:err"})
    assert apart.read(many) == own.read(many)
    apart.close()


@pytest.mark.usefixtures("low", "samples")
@pytest.mark.parametrize("step", ["abort", "segfault"])
def test_a_process_that_dies_takes_nobody_along(own: ClaimReader, step: str) -> None:
    apart = ProcessReader(own, 2, {STEP: f"workshop_samples:{step}"})
    with pytest.raises(RuntimeError, match="crashed"):
        apart.read([report(STORY), report(STORY * 2)])
    apart.close()


def test_processes_end_when_the_reader_is_let_go(own: ClaimReader, low: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(ProcessWorkshop, "close", lambda _: ended.append(1))
    apart = ProcessReader(own, 3, WORKER)
    del apart
    assert ended == [1, 1, 1]


@pytest.mark.parametrize(("threads", "kind"), [(1, ClaimReader), (2, ProcessReader)])
def test_one_core_needs_no_other_process(threads: int, kind: type) -> None:
    assert type(open_reader(threads)) is kind
