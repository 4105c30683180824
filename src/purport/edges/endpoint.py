"""A reader that asks a language model for the attributions. Off unless switched on.

The model is asked for words only; where they stand is looked up here, and what does not stand in the text exactly so
is rejected (`read/verbatim.py`). What the words mean is read by the same tables as ever (`read/build.py`).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx2

from purport.core.errors import FetchError
from purport.core.ports import Clock
from purport.core.records import Gap, Reading, Report, gap
from purport.core.spans import Span
from purport.edges.chat import Chat
from purport.read import build, verbatim
from purport.read.tagger import Attribution
from purport.read.verbatim import AnswerError
from purport.read.windows import blocks

STRETCH = 6_000  # characters asked about at once: some 1,500 tokens, which small models take in
AT_ONCE = 4  # requests under way at the same time
GIVEN_UP = 3  # stretches in a row without an answer, after which the rest of a batch is not asked about
SECONDS = 120.0  # for one answer with its second tries


@dataclass(frozen=True, slots=True)
class _Part:
    """What came of asking about one stretch of a text."""

    found: tuple[Attribution, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()  # cause, detail
    answered: bool = True
    used: bool = False  # could the answer be read as one?


class EndpointReader:
    """`core.ports.Reader` by a language model behind an address; the parameters are those of `chat.Chat`."""

    def __init__(
        self,
        url: str,
        model: str,
        clock: Clock,
        key: str = "",
        seconds: float = SECONDS,
        at_once: int = AT_ONCE,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._chat = Chat(url, model, key, verbatim.SCHEMA, seconds, transport)
        self._clock, self._at_once = clock, at_once
        self._silent = 0  # stretches in a row without an answer

    @property
    def version(self) -> str:
        """Names all that is known here and a reading depends on: host, model, prompt, rules and lexicon."""
        return f"endpoint-{self._chat.name}+prompt-{verbatim.prompt_digest()}+{build.rules()}"

    def read(self, reports: Sequence[Report]) -> list[tuple[Reading, list[Gap]]]:
        """As the port says. A report stays unread (its reading has no id) when a stretch of it got no answer, or
        when no answer about it was of use: an empty reading would say that there is nothing in it."""
        self._silent = 0
        jobs = [
            (number, stretch)
            for number, report in enumerate(reports)
            if report.language == "en"
            for stretch in blocks(report.text, STRETCH)
        ]
        parts: list[list[_Part]] = [[] for _ in reports]
        with self._chat.client() as client, ThreadPoolExecutor(self._at_once) as threads:
            answers = threads.map(lambda job: self._part(client, reports[job[0]].text, job[1]), jobs)
            for (number, _), part in zip(jobs, answers, strict=True):
                parts[number].append(part)
        return [self._reading(report, of_report) for report, of_report in zip(reports, parts, strict=True)]

    def _reading(self, report: Report, parts: list[_Part]) -> tuple[Reading, list[Gap]]:
        now = self._clock.now()
        faults = dict.fromkeys(fault for part in parts for fault in part.faults)
        gaps = [gap("read", report.id, cause, detail, now) for cause, detail in faults]
        if parts and not (all(part.answered for part in parts) and any(part.used for part in parts)):
            return Reading("", report.id, self.version, ()), gaps
        found = [attribution for part in parts for attribution in part.found]
        return build.reading(report, self.version, build.plant(found, report.text)), gaps

    def _part(self, client: httpx2.Client, text: str, stretch: Span) -> _Part:
        """Ask about a stretch; what goes wrong is told, never raised."""
        where = f"Characters {stretch[0]:,}–{stretch[1]:,}"
        if self._silent >= GIVEN_UP:
            detail = f"{where}: not asked about, since the endpoint had not answered before; read again later."
            return _Part(faults=(("fetch", detail),), answered=False)
        try:
            answer = self._chat.answer(client, verbatim.prompt(), text[slice(*stretch)])
            self._silent = 0
            found, rejected = verbatim.attributions(answer, text, stretch)
        except FetchError as error:
            self._silent += 1
            return _Part(faults=((error.cause, f"{where}: {error}"),), answered=False)
        except AnswerError as error:
            self._silent = 0
            return _Part(faults=((error.cause, f"{where}: {error}. The answer was thrown away."),))
        faults = tuple((cause, f"{where}: {detail}. The attribution was rejected.") for cause, detail in rejected)
        return _Part(tuple(found), faults, used=True)
