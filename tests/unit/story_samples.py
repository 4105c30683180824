"""Invented reports of invented events, and an encoder that knows words only."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from purport.core.ids import digest
from purport.core.records import Capture, Report
from purport.core.times import Moment

START = datetime(2031, 5, 3, 8, tzinfo=UTC)

FIRE = (
    "A fire at the grain store of Quillmarsh killed twelve people on Friday, the harbour master Oda Brell said. "
    "The grain store burned down before firefighters from Sennet arrived. Brell blamed a lorry that caught fire."
)
FIRE_AGAIN = (
    "Twelve people died when the grain store in Quillmarsh burned down on Friday. Harbour master Oda Brell said a "
    "lorry had caught fire beside the grain store. Firefighters came from Sennet, too late to save the store."
)
FIRE_LATER = (
    "Investigators went to the burned grain store of Quillmarsh on Sunday, two days after the fire in which twelve "
    "people died. The lorry was found beside the store. Harbour master Oda Brell promised a report on the fire."
)
VOTE = (
    "The Harbour Party won the vote for the council of Marnet, the election board said on Sunday. Turnout in Marnet "
    "was 61 percent. The party of Mayor Ivo Sandt lost four seats in the council. Sandt accepted the result."
)
VOTE_AGAIN = (
    "Mayor Ivo Sandt has accepted that his party lost the council vote in Marnet. The Harbour Party won more seats, "
    "said the election board on Sunday. It put turnout in the Marnet vote at 61 percent."
)
DAM = (
    "Engineers closed the sluices of the Ostermar dam after cracks were seen in its wall, the dam authority said. "
    "Villages below the Ostermar dam were told to be ready to leave. The dam was built sixty years ago."
)


def report(text: str, hours: float = 0, name: str = "", language: str = "en") -> Report:
    at = START + timedelta(hours=hours)
    id = f"report-{hashlib.sha256(f'{name}{text}'.encode()).hexdigest()[:32]}"
    published = (Moment(at, at + timedelta(minutes=1)),)
    return Report(
        id, capture(text, name).id, text, digest(text.encode()), outlet=name, published=published, language=language
    )


def capture(text: str, name: str = "") -> Capture:
    id = f"capture-{hashlib.sha256(f'{name}{text}'.encode()).hexdigest()[:32]}"
    return Capture(id, f"{name}.txt", digest(text.encode()), len(text), START)


class WordEncoder:
    """`core.ports.Encoder` by words: each has a direction of its own, so that texts with the same words point alike."""

    version = "words"

    def __init__(self) -> None:
        self.asked = 0

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += len(texts)
        found = np.zeros((len(texts), 64), np.float32)
        found[:, 0] = 0.5
        for row, text in enumerate(texts):
            for word in text.lower().split():
                seed = int.from_bytes(hashlib.sha256(word.strip(".,").encode()).digest()[:4], "big")
                found[row] += np.random.default_rng(seed).normal(size=64).astype(np.float32) / 8
        return found / np.linalg.norm(found, axis=1, keepdims=True)
