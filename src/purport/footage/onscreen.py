"""What stands written in the pictures of a file, with its place and its seconds.

Two networks that the package rapidocr ships (PP-OCRv6, small) find lines and read them; a line that stays over several
pictures is one entry. A line that they are unsure of is withheld, with its place.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from purport.core.errors import FootageError, ModelError
from purport.core.transcript import SCREEN, Box, Seen, Shown, Withheld
from purport.footage.frames import Footage, Grey, Picture
from purport.footage.prints import fit

VERSION = "1"  # of the rules below; raise it when the same pictures would give other lines

EVERY = 2.0  # seconds between two looks, where the shots are not too many
MOST = 900  # looks at one file: half an hour at every two seconds
SIDE = 960  # pixels of the longer side at which lines are sought
SURE = 0.9  # the network's confidence from which a line is asserted; set by `bench/words.py`
SOME = 0.3  # below this it is a pattern that looks like writing to the one network and like none to the other
LIKE = 0.8  # share of characters in order that makes two readings one line
PLACE = 0.5  # overlap over union of their boxes
STILL = 6.0  # levels of brightness by which no part of the picture may change for it to need no second look
LEAST = 2  # letters or digits in a line: below that it is a mark

Read = Callable[[Grey], "list[Line]"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line in one picture."""

    text: str
    confidence: float
    box: Box


def look(
    path: Path,
    shots: Sequence[tuple[float, float]] = (),
    told: Callable[[float], None] = lambda share: None,
    reader: Read | None = None,
) -> Seen:
    """The lines in a file's pictures; `shots` (seconds) say where it must be looked at anew.

    Raises FootageError for what can't be decoded at all. Where there are no pictures or no networks, that is withheld.
    """
    footage = Footage(path)
    looking = Looking()
    try:
        read = reader or lines_of
        for picture in due(footage, shots):
            told(min(1.0, picture.time / footage.duration) if footage.duration else 0.0)
            looking.see(picture, read)
    except ModelError as error:
        return Seen(withheld=(Withheld(0.0, 0.0, SCREEN, "no-model", str(error)),))
    except FootageError as error:
        if error.cause == "no-picture":
            return Seen(withheld=(Withheld(0.0, 0.0, SCREEN, error.cause, "It holds no pictures."),))
        raise
    return looking.done(tuple(footage.faults), pace(footage.duration))


def pace(duration: float) -> float:
    """Seconds between two looks: EVERY, and more where a file is so long that these would be too many."""
    return max(EVERY, duration / MOST)


def due(footage: Footage, shots: Sequence[tuple[float, float]]) -> Iterator[Picture]:
    """The pictures to look at: one in each shot, soon after it has begun, and one every few seconds."""
    settled = [min(start + 0.5, (start + end) / 2) for start, end in shots][: MOST // 2]
    following = 0.0
    for picture in footage:
        if settled and picture.time >= settled[0]:
            while settled and picture.time >= settled[0]:
                settled.pop(0)
        elif picture.time < following:
            continue
        following = picture.time + pace(footage.duration)
        yield picture


@dataclass(slots=True)
class Looking:
    """Joins lines over pictures as they come."""

    _open: list[Shown] = field(default_factory=list)  # in the last picture
    _closed: list[Shown] = field(default_factory=list)
    _looks: int = 0
    _end: float = 0.0
    _size: tuple[int, int] = (0, 0)
    _before: "np.ndarray[Any, Any] | None" = None
    _lines: list[Line] = field(default_factory=list)

    def see(self, picture: Picture, read: Read) -> None:
        grey = picture.grey
        if grey.shape != self._size:
            self._size, self._before = (grey.shape[0], grey.shape[1]), None
        coarse = fit(np.ascontiguousarray(grey), 192).astype(np.int16)
        if self._before is None or np.abs(coarse - self._before).max() > STILL:
            self._lines, self._before = read(grey), coarse
        self._looks += 1
        self._end = picture.time
        self._join(picture.time, self._lines)

    def _join(self, time: float, lines: Sequence[Line]) -> None:
        going, waiting = [], list(self._open)
        for line in lines:
            old = next((one for one in waiting if same(one, line)), None)
            if old is None:
                going.append(Shown(time, time, line.text, line.confidence, line.box))
                continue
            waiting.remove(old)
            surer = line if line.confidence > old.confidence else old
            going.append(Shown(old.start, time, surer.text, surer.confidence, surer.box, old.looks + 1))
        self._closed += waiting
        self._open = going

    def done(self, faults: tuple[str, ...], every: float) -> Seen:
        found = sorted([*self._closed, *self._open], key=lambda one: (one.start, one.box[1], one.box[0]))
        height, width = self._size
        return Seen(
            tuple(one for one in found if one.confidence >= SURE),
            (
                *(illegible(one) for one in found if one.confidence < SURE),
                *(Withheld(self._end, self._end, SCREEN, "truncated", fault) for fault in faults),
            ),
            self._looks,
            every,
            width,
            height,
            version(),
        )


def illegible(one: Shown) -> Withheld:
    left, top, right, bottom = one.box
    detail = f"A line at {left},{top} to {right},{bottom} pixels that the model is unsure of ({one.confidence:.2f})."
    return Withheld(one.start, one.end, SCREEN, "illegible", detail)


def same(old: Shown, line: Line) -> bool:
    """Is it the same line, as read in an earlier picture?"""
    if overlap(old.box, line.box) < PLACE:
        return False
    left, right = old.text.casefold(), line.text.casefold()
    return left == right or SequenceMatcher(None, left, right, autojunk=False).ratio() >= LIKE


def overlap(one: Box, other: Box) -> float:
    """Of two boxes, what they share over what they cover together."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / (sum(areas) - width * height)


def lines_of(grey: Grey) -> list[Line]:
    """The lines in a picture, by the networks. Raises ModelError."""
    if min(grey.shape) < 16:  # too small for a letter
        return []
    small = fit(np.ascontiguousarray(grey), SIDE)
    scale = grey.shape[1] / small.shape[1]
    found = engine()(np.repeat(small[..., None], 3, axis=2))
    if found.boxes is None or found.txts is None:
        return []
    return [
        Line(" ".join(text.split()), float(score), around(np.asarray(corners) * scale))
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        if score >= SOME and sum(letter.isalnum() for letter in text) >= LEAST
    ]


def around(corners: Any) -> Box:
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    return int(left), int(top), int(right), int(bottom)


@cache
def engine() -> Any:
    """The networks, each by its path: without one rapidocr would fetch. Raises ModelError."""
    paths = {"Det.model_path": network("det"), "Rec.model_path": network("rec"), "Cls.model_path": network("cls")}
    from rapidocr import RapidOCR  # half a second to load, and only those who look need it

    return RapidOCR(
        params={name: str(path) for name, path in paths.items()}
        | {
            "Global.log_level": "critical",
            "Global.text_score": 0.0,  # our own bound is SURE, and what is below it is told
            "Global.use_cls": False,  # pictures are upright, and writing upside down is not for reading
            "Det.limit_side_len": SIDE,
            "Det.limit_type": "max",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        }
    )


def network(task: str) -> Path:
    """The file of a network that rapidocr ships. Raises ModelError."""
    spec = find_spec("rapidocr")
    folder = Path(spec.origin).parent / "models" if spec and spec.origin else Path()
    found = sorted(folder.glob(f"*_{task}_*.onnx"))
    if not found:
        raise ModelError(
            "The networks for text in pictures are missing. Install rapidocr again (pip install rapidocr)."
        )
    return found[0]


@cache
def version() -> str:
    """Names all that the lines depend on beside the file: the networks' names hold their versions."""
    try:
        return f"looking-{VERSION}+" + "+".join(network(task).stem for task in ("det", "rec"))
    except ModelError:
        return "blind"
