"""Many reports read by processes side by side, one for each core.

A third of reading is rules in Python, of which only one thread at a time can make use: with threads, more cores soon
help no more.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import msgspec

from purport.core.errors import FootageError
from purport.core.explanation import Links
from purport.core.records import Claim, Gap, Reading, Report
from purport.edges.workshop import Bounds, Workshops
from purport.read.reader import ClaimReader

STEP = "read.report"
MANY = 100_000  # characters in several reports: below that they are read before the processes have begun
LONG = 100_000  # characters: a longer text is read here, its blocks by every core
DAY = 24 * 3600  # seconds
BOUNDS = Bounds(seconds=DAY, silence=DAY, processor=DAY)
Answer: TypeAlias = tuple[Reading, list[Gap]]
_answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


class ProcessReader:
    """`core.ports.Reader` and `Explainer`: few reports are read by `own` reader, many by `count` like it, each apart.

    The processes begin with the first many reports, and end when this reader is let go.
    """

    def __init__(self, own: ClaimReader, count: int, steps: Mapping[str, str]) -> None:
        self._own, self._count = own, count
        self._workshops = Workshops(count, steps, BOUNDS)

    @property
    def version(self) -> str:
        return self._own.version

    def read(self, reports: Sequence[Report]) -> list[Answer]:
        """A reading for each report, in order. Raises RuntimeError when one makes a process die."""
        short = [number for number, report in enumerate(reports) if len(report.text) < LONG]
        if len(short) < 2 or sum(len(reports[number].text) for number in short) < MANY:
            return self._own.read(reports)
        long = sorted(set(range(len(reports))) - set(short))
        answers = dict(zip(long, self._own.read([reports[number] for number in long]), strict=True))
        short.sort(key=lambda number: -len(reports[number].text))  # no core waits long for the last
        # with a thread more than processes, the next report is handed over before an answer is unpacked
        with ThreadPoolExecutor(self._count + 1) as threads:
            answers |= zip(short, threads.map(self._apart, (reports[number] for number in short)), strict=True)
        return [answers[number] for number in range(len(reports))]

    def _apart(self, report: Report) -> Answer:
        try:
            answer = self._workshops.do(STEP, msgspec.msgpack.encode(report), lambda _: None)
        except FootageError as error:
            if error.cause == "failed":  # the reader said no: here it says so in its own words
                return self._own.read([report])[0]
            raise RuntimeError(str(error)) from error
        return _answers.decode(answer)

    def links(self, report: Report, claim: Claim, outer: Sequence[Claim] = ()) -> tuple[Links, ...]:
        return self._own.links(report, claim, outer)

    def close(self) -> None:
        """Send the processes home; they begin anew when needed."""
        self._workshops.close()
