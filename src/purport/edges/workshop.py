"""Work that may crash, hang or swell, done apart: a codec that dies takes its worker along, not the desk.

One worker process serves many orders. When it is lost or has swollen, the next order gets a new one.
"""

import os
import queue
import selectors
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from purport.core import journal
from purport.core.errors import FootageError
from purport.edges.messages import LENGTH, LONGEST, Done, Failed, Order, Told, packed, said

# numpy's threads wait for one another by spinning, which takes ten times the time that they save on small arrays
ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
GRACE = 5.0  # seconds for a worker to go home by itself
TAIL = 4_000  # bytes of its last words that are looked at
SWOLLEN = ("bad_alloc", "memory allocation of", "MemoryError", "Cannot allocate memory", "Insufficient memory")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one order may take."""

    seconds: int = 4 * 3600  # by the clock
    silence: int = 300  # by the clock, without a word of progress
    processor: int = 4 * 3600  # seconds of processor time
    memory: int = 4096  # MiB of address space, of which an idle worker with all libraries takes some 600


class ProcessWorkshop:
    """Does work in a child process (`core.ports.Workshop`); `steps` says which function (module:name) each step is.

    Not to be shared by threads: a worker does one thing at a time.
    """

    def __init__(self, steps: Mapping[str, str], bounds: Bounds = Bounds()) -> None:
        self._steps, self._bounds = steps, bounds
        self._worker: Worker | None = None

    def do(self, step: str, order: bytes, told: Callable[[float], None]) -> bytes:
        """The answer of a step. Raises FootageError: crashed, timeout, memory, or what the step itself says."""
        worker = self._worker = self._worker or Worker(self._bounds)
        try:
            with journal.step(step):
                message = worker.do(Order(self._steps[step], order, self._bounds.processor), told)
        except BaseException:  # also when somebody presses Ctrl-C: it must not answer the next order with this one
            self._worker = None
            worker.end()
            raise
        if isinstance(message, Done):
            return message.answer
        if message.cause == "memory":  # what it holds it may never give back
            self.close()
            raise too_much(self._bounds)
        raise FootageError(message.detail, message.cause)

    def close(self) -> None:
        """Send the worker home."""
        worker, self._worker = self._worker, None
        if worker:
            worker.end()


class Workshops:
    """Several alike, each with a worker of its own (`core.ports.Workshop`). To be shared by threads: who comes when all
    are at work waits for one. The workers begin when they are first asked, and end when this is let go."""

    def __init__(self, count: int, steps: Mapping[str, str], bounds: Bounds = Bounds()) -> None:
        self._free: queue.SimpleQueue[ProcessWorkshop] = queue.SimpleQueue()
        every = [ProcessWorkshop(steps, bounds) for _ in range(count)]
        for one in every:
            self._free.put(one)
        self._end = weakref.finalize(self, _close, every)

    def do(self, step: str, order: bytes, told: Callable[[float], None]) -> bytes:
        """The answer of a step. Raises FootageError as one of them does."""
        one = self._free.get()
        try:
            return one.do(step, order, told)
        finally:
            self._free.put(one)

    def close(self) -> None:
        """Send the workers home; they begin anew when needed."""
        self._end()


def _close(every: Sequence[ProcessWorkshop]) -> None:
    for one in every:
        one.close()


class Worker:
    """A child process with its pipes."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._last_words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the child)
        # -P: nothing is imported from the folder one happens to stand in
        command = [sys.executable, "-P", "-m", "purport.edges.worker", str(bounds.memory)]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._last_words,
            bufsize=0,
            env=os.environ | ALONE,
        )

    def do(self, order: Order, told: Callable[[float], None]) -> Done | Failed:
        begun = time.monotonic()
        try:
            self._pipe("stdin").write(packed(order))
            while True:
                until = min(begun + self._bounds.seconds, time.monotonic() + self._bounds.silence)
                length = int.from_bytes(self._read(LENGTH, until), "big")
                message: Told | Done | Failed = said.decode(self._read(length, until))
                if not isinstance(message, Told):
                    return message
                told(message.share)
        except (BrokenPipeError, EOFError):
            raise self._loss() from None

    def end(self) -> None:
        self._pipe("stdin").close()
        self._pipe("stdout").close()
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait(GRACE)
        self._last_words.close()

    def _pipe(self, name: str) -> Any:
        return getattr(self._child, name)

    def _read(self, count: int, until: float) -> bytes:
        """Just so many bytes. Raises EOFError if the worker is gone, FootageError when time is up."""
        if count > LONGEST:
            raise FootageError("The worker's answer makes no sense; the file was left out.", "crashed")
        out, read = self._pipe("stdout"), bytearray()
        with selectors.DefaultSelector() as waiting:
            waiting.register(out, selectors.EVENT_READ)
            while len(read) < count:
                if not waiting.select(max(0.0, until - time.monotonic())):
                    raise FootageError(
                        f"It was given up after {self._bounds.seconds} seconds, or {self._bounds.silence} without "
                        "progress. If it is only long, allow more with --seconds.",
                        "timeout",
                    )
                piece = os.read(out.fileno(), min(count - len(read), 1 << 20))
                if not piece:
                    raise EOFError
                read += piece
        return bytes(read)

    def _loss(self) -> FootageError:
        """Why the worker died, by its exit and its last words."""
        try:
            code = self._child.wait(GRACE)
        except subprocess.TimeoutExpired:  # it has closed its pipe, but lives on
            self._child.kill()
            code = self._child.wait(GRACE)
        self._last_words.seek(max(0, self._last_words.seek(0, os.SEEK_END) - TAIL))
        last = self._last_words.read().decode("utf-8", "replace")
        if code == -signal.SIGXCPU:
            return FootageError(
                f"It took more than {self._bounds.processor} seconds of processor time. If it is only long, allow "
                "more with --seconds.",
                "timeout",
            )
        if any(words in last for words in SWOLLEN):
            return too_much(self._bounds)
        how = signal.strsignal(-code) if code < 0 else f"exit code {code}"
        return FootageError(
            f"What decodes it crashed ({how}). The file is kept; it may be broken, or made to do this: open it with "
            "care.",
            "crashed",
        )


def too_much(bounds: Bounds) -> FootageError:
    return FootageError(
        f"It needs more than {bounds.memory} MiB of memory. Allow more with --memory if this machine has it.", "memory"
    )
