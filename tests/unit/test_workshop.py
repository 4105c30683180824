"""A workshop outlives what its workers do: each fault is told by its cause, and the next order is done all the same."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from purport.core.errors import FootageError
from purport.core.ports import Workshop
from purport.edges.workshop import Bounds, ProcessWorkshop

STEPS = {
    name: f"workshop_samples:{name}"
    for name in (
        "echo", "chatter", "abort", "segfault", "leave", "hang", "mutter", "spin", "swell", "swell_in_c", "refuse",
        "err", "large",
    )
}  # fmt: skip
Opener = Callable[[Bounds], ProcessWorkshop]


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    opened: list[ProcessWorkshop] = []

    def opener(bounds: Bounds = Bounds()) -> ProcessWorkshop:  # noqa: B008 (it never changes)
        opened.append(ProcessWorkshop(STEPS, bounds))
        return opened[-1]

    yield opener
    for one in opened:
        one.close()


def silent(_share: float) -> None:
    pass


def worker(workshop: Workshop) -> int:
    """The process number of the worker that does the next order."""
    return int(workshop.do("echo", b"", silent).rpartition(b" ")[2])


def test_work_is_done_apart_and_by_one_worker(workshop: Opener) -> None:
    shop = workshop()
    heard: list[float] = []
    answer = shop.do("echo", b"painted", heard.append)
    assert answer.startswith(b"painted by ")
    assert heard == [0.5]
    assert int(answer.rpartition(b" ")[2]) != os.getpid()
    assert worker(shop) == worker(shop)


def test_what_libraries_print_is_no_answer(workshop: Opener, capfd: pytest.CaptureFixture[str]) -> None:
    shop = workshop()
    assert shop.do("chatter", b"painted", silent) == b"painted"
    assert capfd.readouterr() == ("", "")


def test_an_answer_may_be_large(workshop: Opener) -> None:
    assert workshop().do("large", b"x" * 3_000_000, silent) == bytes(20_000_000)


@pytest.mark.parametrize(
    ("step", "how"),
    [("abort", "Aborted"), ("segfault", "Segmentation fault"), ("leave", "exit code 3")],
)
def test_a_crash_is_told_and_the_next_order_is_done(workshop: Opener, step: str, how: str) -> None:
    shop = workshop()
    first = worker(shop)
    with pytest.raises(FootageError, match=how) as fault:
        shop.do(step, b"", silent)
    assert fault.value.cause == "crashed"
    assert worker(shop) != first


@pytest.mark.parametrize(
    ("step", "bounds"),
    [
        ("hang", Bounds(silence=1)),
        ("mutter", Bounds(seconds=1)),
        ("spin", Bounds(processor=1)),
    ],
)
def test_what_takes_too_long_is_given_up(workshop: Opener, step: str, bounds: Bounds) -> None:
    shop = workshop(bounds)
    first, begun = worker(shop), time.monotonic()
    with pytest.raises(FootageError, match="--seconds") as fault:
        shop.do(step, b"", silent)
    assert fault.value.cause == "timeout"
    assert time.monotonic() - begun < 30
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert worker(shop) != first


@pytest.mark.parametrize("step", ["swell", "swell_in_c"])
def test_what_takes_too_much_memory_is_given_up(workshop: Opener, step: str) -> None:
    shop = workshop(Bounds(memory=300))
    first = worker(shop)
    with pytest.raises(FootageError, match="more than 300 MiB") as fault:
        shop.do(step, b"", silent)
    assert fault.value.cause == "memory"
    assert worker(shop) != first


def test_a_steps_own_refusal_keeps_its_cause_and_its_worker(workshop: Opener) -> None:
    shop = workshop()
    first = worker(shop)
    with pytest.raises(FootageError, match="nothing to see") as fault:
        shop.do("refuse", b"", silent)
    assert fault.value.cause == "no-picture"
    with pytest.raises(FootageError, match="KeyError: 'houses'") as fault:
        shop.do("err", b"", silent)
    assert fault.value.cause == "failed"
    assert worker(shop) == first


def test_a_worker_is_not_asked_on_when_its_listener_fails(workshop: Opener) -> None:
    shop = workshop()
    first = worker(shop)

    def impatient(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shop.do("echo", b"old order", impatient)
    assert shop.do("echo", b"new order", silent).startswith(b"new order")
    assert worker(shop) != first


def test_closing_sends_the_worker_home(workshop: Opener) -> None:
    shop = workshop()
    number = worker(shop)
    shop.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    shop.close()


def test_nothing_is_imported_from_the_folder_one_stands_in(
    workshop: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "msgspec.py").write_text("raise SystemExit('taken in')")
    monkeypatch.chdir(tmp_path)
    assert worker(workshop()) > 0


ORPHAN = """
from purport.edges.workshop import ProcessWorkshop
shop = ProcessWorkshop({"echo": "workshop_samples:echo", "hang": "workshop_samples:hang"})
print(shop.do("echo", b"", lambda share: None).rpartition(b" ")[2].decode(), flush=True)
shop.do("hang", b"", lambda share: None)
"""


def test_a_worker_that_hangs_does_not_outlive_its_workshop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        number = int(parent.stdout.readline())
        time.sleep(0.2)
        os.kill(number, 0)  # it is there, and hangs
        parent.kill()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return
        if "zombie" in Path(f"/proc/{number}/status").read_text():
            return  # gone, but for whoever adopted it to notice
        time.sleep(0.1)
    pytest.fail("it hangs on")
