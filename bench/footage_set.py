"""The queries of `bench/footage.py`, made from natural clips: every edit with the exact truth of what it shows.

    python bench/footage_set.py --data DIR --out DIR [--only EDIT,…] [--seed N]

Clips are cut into references; what is not in one is kept out of the library, as unrelated footage or as the same camera
at another time. Each query is a file of its own beside `truth.jsonl`, one a line:
{"query", "edit", "segments": [{"reference", "query_start", "query_end", "reference_start", "reference_end", "speed",
"mirrored"}], "same_camera": [references]}; times in seconds.

Another seed gives another draw from the same clips: other seconds of each reference, 4 to 6 of them, other crops,
places and slants, other compilations. Bounds were set while looking at the first draw (0) alone.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]  # [height, width, 3], BGR

RATE = 25  # pictures a second of every query
SIDE = 640  # pixels of the longer side
LENGTH = 6.0  # seconds of most queries
FADE = 0.5  # seconds

REFERENCES = {
    "intel_person": [(0, 15), (18, 33), (36, 51), (54, 69), (72, 87), (90, 105)],
    "intel_bottle": [(0, 9), (10, 19), (20, 29)],
    "intel_car": [(0, 7), (8, 15), (16, 23)],
    "mpy_bbb30": [(0, 9.5), (10, 19), (19.5, 25)],
    "te_chair": [(0, 9), (10, 16)],
    "tc_nasa": [(0, 8), (8.2, 13)],
    "mpy_chaplin": [(0, 9.6)],
    "sam2_blocks": [(0, 9.7)],
    "sam2_coffee": [(0, 9.5)],
    "sam2_juggle": [(0, 10.2)],
    "te_doorknob": [(0, 3.9)],
    "te_pattern": [(0, 7.8)],
}
SAME_CAMERA = {
    "intel_person": [(106, 112), (113, 119), (120, 126), (127, 133), (133, 139)],
    "intel_bottle": [(29.5, 34), (34.5, 39.5)],
    "intel_car": [(23.5, 30)],
    "te_chair": [(16.5, 22)],
}
UNRELATED = {"sam2_cups": [(0, 5), (5, 10)], "mpy_bbb30": [(25.5, 30)]}
BEHIND = ("sam2_cups", 0.0)  # what stands behind a picture in a picture


class Clips:
    """The natural clips at any time, upright and no larger than SIDE; one clip in memory at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[list[float], list[Image]]] = {}

    def _load(self, name: str) -> tuple[list[float], list[Image]]:
        if name not in self._held:
            if len(self._held) > 3:
                self._held.pop(next(iter(self._held)))
            path = next(self._folder.glob(name + ".*"))
            times, images = [], []
            with av.open(str(path)) as container:
                for frame in container.decode(video=0):
                    image = frame.to_ndarray(format="bgr24")
                    image = np.rot90(image, round(frame.rotation / 90) % 4) if frame.rotation else image
                    scale = min(1.0, SIDE / max(image.shape))
                    size = (even(image.shape[1] * scale), even(image.shape[0] * scale))
                    images.append(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
                    times.append(float(frame.time))
            self._held[name] = [time - times[0] for time in times], images
        return self._held[name]

    def pictures(self, name: str, start: float, length: float, speed: float = 1.0) -> Iterator[Image]:
        """RATE pictures a second of the clip from `start`, `speed` times as fast, for `length` seconds of it."""
        times, images = self._load(name)
        for number in range(round(length / speed * RATE)):
            at = start + number / RATE * speed
            yield images[max(0, int(np.searchsorted(times, at + 1e-6)) - 1)]


def even(n: float) -> int:
    return max(2, int(n) // 2 * 2)


def write(path: Path, pictures: Iterator[Image], quality: int = 26) -> None:
    """An H.264 file of the pictures."""
    with av.open(str(path), "w") as container:
        stream = None
        for image in pictures:
            if stream is None:
                stream = container.add_stream("libx264", rate=RATE)
                stream.height, stream.width = (even(n) for n in image.shape[:2])
                stream.pix_fmt, stream.options = "yuv420p", {"crf": str(quality), "preset": "veryfast", "threads": "1"}
            image = np.ascontiguousarray(image[: stream.height, : stream.width])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode())


# The edits: each takes a picture, its number and a source of chance that is the same for the whole query


def crop(share: float) -> Callable[..., Image]:
    def edit(image: Image, number: int, chance: random.Random) -> Image:
        height, width = image.shape[:2]
        top, left = (int(n * share * chance.random()) for n in (height, width))
        return image[top : top + int(height * (1 - share)), left : left + int(width * (1 - share))]

    return edit


def halved(image: Image, number: int, chance: random.Random) -> Image:
    return cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def letterbox(image: Image, number: int, chance: random.Random) -> Image:
    height, width = image.shape[:2]
    if width >= height:
        return cv2.copyMakeBorder(image, (width - height) // 2, (width - height) // 2, 0, 0, cv2.BORDER_CONSTANT)
    return cv2.copyMakeBorder(image, 0, 0, (height - width) // 2, (height - width) // 2, cv2.BORDER_CONSTANT)


def news_bar(image: Image, number: int, chance: random.Random) -> Image:
    image = image.copy()
    height, width = image.shape[:2]
    top = int(height * 0.8)
    image[top:] = (40, 20, 120)
    image[int(height * 0.05) : int(height * 0.14), int(width * 0.8) : int(width * 0.96)] = (220, 220, 220)
    cv2.putText(image, "LIVE", (int(width * 0.81), int(height * 0.125)), 0, height / 500, (0, 0, 160), 2)
    words = "TERN COAST WATCH   THREE BOATS LEFT THE HARBOUR   "
    shift = number * 3 % (width * 2)
    cv2.putText(image, words * 2, (20 - shift, int(height * 0.93)), 0, height / 350, (255, 255, 255), 2)
    return image


def flip(image: Image, number: int, chance: random.Random) -> Image:
    return image[:, ::-1]


def brighter(image: Image, number: int, chance: random.Random) -> Image:
    gain, more = chance.choice([(1.35, 25), (0.6, -10), (1.6, -40)])
    return np.clip(image.astype(np.float32) * gain + more, 0, 255).astype(np.uint8)


def screen(image: Image, number: int, chance: random.Random) -> Image:
    """Filmed off a screen: seen from the side by a hand that shakes, with stripes and noise."""
    height, width = image.shape[:2]
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    lean = np.float32([[chance.uniform(0.03, 0.13), chance.uniform(0.03, 0.13)] for _ in range(4)])
    inward = np.float32([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    shake = np.float32([np.sin(number / 7), np.cos(number / 9)]) * 2
    seen = corners + inward * lean * np.float32([width, height]) + shake
    matrix = cv2.getPerspectiveTransform(corners, seen)
    image = cv2.warpPerspective(image, matrix, (width, height), borderValue=(30, 32, 30)).astype(np.float32)
    stripes = 6 * np.sin(np.arange(height) * 1.9 + number)[:, None, None]
    noise = np.random.default_rng(number).normal(0, 9, image.shape)
    return np.clip(cv2.GaussianBlur(image, (0, 0), 0.8) * 0.9 + 12 + stripes + noise, 0, 255).astype(np.uint8)


def vertical(image: Image, number: int, chance: random.Random) -> Image:
    """The middle of a wide picture for a telephone held upright, or of a tall one for a wide screen."""
    height, width = image.shape[:2]
    if width >= height:
        wide = int(height * 9 / 16)
        left = int((width - wide) * (0.3 + 0.4 * chance.random()))
        return image[:, left : left + wide]
    tall = int(width * 9 / 16)
    top = int((height - tall) * (0.3 + 0.4 * chance.random()))
    return image[top : top + tall]


def plain(image: Image, number: int, chance: random.Random) -> Image:
    return image


def inside(image: Image, behind: Image, share: float, place: tuple[float, float]) -> Image:
    """A picture in a picture: `share` of the width and height, at `place` (0 to 1 of the room there is)."""
    height, width = image.shape[:2]
    whole = cv2.resize(behind, (width, height))
    small = cv2.resize(image, (int(width * share), int(height * share)), interpolation=cv2.INTER_AREA)
    top, left = int((height - small.shape[0]) * place[1]), int((width - small.shape[1]) * place[0])
    whole[top : top + small.shape[0], left : left + small.shape[1]] = small
    return whole


EDITS: dict[str, tuple[Callable[..., Image], float, bool, int]] = {  # edit, speed, mirrored, quality (CRF)
    "transcode": (halved, 1.0, False, 36),
    "crop 10 %": (crop(0.1), 1.0, False, 26),
    "crop 20 %": (crop(0.2), 1.0, False, 26),
    "letterbox": (letterbox, 1.0, False, 26),
    "news bar": (news_bar, 1.0, False, 26),
    "flip": (flip, 1.0, True, 26),
    "brightness": (brighter, 1.0, False, 26),
    "speed 1.25": (plain, 1.25, False, 26),
    "screen recording": (screen, 1.0, False, 28),
    "picture-in-picture 60 %": (plain, 1.0, False, 26),
    "picture-in-picture 40 %": (plain, 1.0, False, 26),
    "vertical crop": (vertical, 1.0, False, 26),
}
INSIDE = {"picture-in-picture 60 %": 0.6, "picture-in-picture 40 %": 0.4}
COMPILATIONS = {"compilation, cuts": 10, "compilation, fades": 10, "compilation, hard": 40}


class Maker:
    """Writes references and queries with their truth."""

    def __init__(self, data: Path, out: Path, seed: int = 0) -> None:
        self.clips = Clips(data / "footage" / "clips")
        self.out, self._seed = out, seed
        self.truth: list[dict[str, Any]] = []
        self.references = {f"{clip}_{n}": (clip, *span) for clip, s in REFERENCES.items() for n, span in enumerate(s)}

    def make(self, only: set[str]) -> None:
        for folder in ("references", "queries"):
            (self.out / folder).mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(self.references):
            say(f"{name}: reference {number + 1} of {len(self.references)}")
            self.reference(name)
            for edit in EDITS:
                if not only or edit in only:
                    self.edited(name, edit)
        for kind, many in COMPILATIONS.items():
            for number in range(many if not only or kind in only else 0):
                say(f"{kind} {number + 1} of {many}")
                self.compilation(kind, number)
        for edit, spans in (("same camera, other time", SAME_CAMERA), ("unrelated", UNRELATED)):
            for clip, some in spans.items() if not only or edit in only else ():
                for number, (start, end) in enumerate(some):
                    self.outside(edit, clip, start, end, number)
        (self.out / "truth.jsonl").write_text("".join(json.dumps(one) + "\n" for one in self.truth))

    def write(self, path: Path, pictures: Iterator[Image], quality: int) -> None:
        if not path.exists():  # written by a run before, and whole
            part = path.with_suffix(".part.mp4")
            write(part, pictures, quality)
            part.rename(path)

    def chance(self, what: str) -> random.Random:
        """A source of chance for one query, the same whenever this draw is made."""
        return random.Random(f"{what}, draw {self._seed}" if self._seed else what)

    def reference(self, name: str) -> None:
        clip, start, end = self.references[name]
        self.write(self.out / "references" / f"{name}.mp4", self.clips.pictures(clip, start, end - start), 23)

    def edited(self, name: str, edit: str) -> None:
        clip, start, end = self.references[name]
        chance = self.chance(f"{name} {edit}")
        change, speed, mirrored, quality = EDITS[edit]
        length = min(round(chance.uniform(4.0, LENGTH), 1) if self._seed else LENGTH, end - start)
        at = round(chance.uniform(0, end - start - length), 2)
        behind = self.clips.pictures(BEHIND[0], BEHIND[1], 10.0)
        place = (chance.random(), chance.random())
        seed = chance.random()

        def pictures() -> Iterator[Image]:
            for number, image in enumerate(self.clips.pictures(clip, start + at, length, speed)):
                image = change(image, number, random.Random(seed))
                yield inside(image, next(behind), INSIDE[edit], place) if edit in INSIDE else image

        self.save(f"{name} {edit}", edit, pictures(), quality, [segment(name, 0, length, at, speed, mirrored)])

    def compilation(self, kind: str, number: int) -> None:
        """Four to six pieces of different references, one stretch that is in none among them."""
        chance = self.chance(f"{kind} {number}")
        hard = kind.endswith("hard")
        fade = FADE if kind.endswith("fades") else 0.0
        names: list[str | None] = list(
            chance.sample(sorted(self.references), min(chance.randint(4, 6), len(self.references)))
        )
        names.insert(chance.randint(1, len(names) - 1), None)
        pieces, segments, now = [], [], 0.0
        for name in names:
            clip, start, end = self.references[name] if name else ("sam2_cups", 0.0, 10.0)
            length = round(min(chance.uniform(1.5, 4.0) if hard else chance.uniform(3.0, 6.0), end - start), 2)
            at = round(chance.uniform(0, end - start - length), 2)
            edit = chance.choice(["crop 20 %", "flip", "brightness", "speed 1.25", "letterbox"]) if hard else ""
            change, speed, mirrored, _ = EDITS[edit] if edit else (plain, 1.0, False, 26)
            seed = chance.random()
            if name:
                segments.append(segment(name, now, length, at, speed, mirrored))
            pieces.append((clip, start + at, length, speed, change, seed))
            now += round(length / speed * RATE) / RATE - fade
        if fade:  # a piece counts from the middle of the fade into it to the middle of the fade out of it
            segments = [inward(one, fade / 2, now + fade) for one in segments]

        def pictures() -> Iterator[Image]:
            whole = joined([list(self.piece(*piece)) for piece in pieces], round(fade * RATE))
            yield from (news_bar(image, n, chance) if hard else image for n, image in enumerate(whole))

        self.save(f"{kind} {number}", kind, pictures(), 26, segments)

    def piece(
        self, clip: str, start: float, length: float, speed: float, change: Callable[..., Image], seed: float
    ) -> Iterator[Image]:
        for number, image in enumerate(self.clips.pictures(clip, start, length, speed)):
            yield canvas(change(image, number, random.Random(seed)))

    def outside(self, edit: str, clip: str, start: float, end: float, number: int) -> None:
        """Footage that is in no reference, as it is, cropped and with a bar."""
        cameras = [name for name, (of, *_) in self.references.items() if of == clip] if edit != "unrelated" else []
        for change in ("transcode", "crop 10 %", "news bar"):
            seed = self.chance(f"{clip} {number} {change}").random()
            pictures = (
                EDITS[change][0](image, n, random.Random(seed))
                for n, image in enumerate(self.clips.pictures(clip, start, end - start))
            )
            self.save(f"{edit} {clip} {number} {change}", edit, pictures, 28, [], cameras)

    def save(
        self, name: str, edit: str, pictures: Iterator[Image], quality: int, segments: list[Any], cameras: Any = ()
    ) -> None:
        path = self.out / "queries" / (name.replace(" %", "").replace(",", "").replace(" ", "-") + ".mp4")
        self.write(path, pictures, quality)
        self.truth.append({"query": path.name, "edit": edit, "segments": segments, "same_camera": list(cameras)})


def segment(name: str, now: float, length: float, at: float, speed: float, mirrored: bool) -> dict[str, Any]:
    return {
        "reference": name,
        "query_start": now,
        "query_end": now + round(length / speed * RATE) / RATE,
        "reference_start": at,
        "reference_end": at + length,
        "speed": speed,
        "mirrored": mirrored,
    }


def inward(one: dict[str, Any], seconds: float, last: float) -> dict[str, Any]:
    before = seconds if one["query_start"] > 0 else 0.0
    behind = seconds if one["query_end"] < last - 1e-6 else 0.0
    return one | {
        "query_start": one["query_start"] + before,
        "query_end": one["query_end"] - behind,
        "reference_start": one["reference_start"] + before * one["speed"],
        "reference_end": one["reference_end"] - behind * one["speed"],
    }


def canvas(image: Image) -> Image:
    """The picture on a black 640 x 360."""
    scale = min(640 / image.shape[1], 360 / image.shape[0])
    image = cv2.resize(image, (int(image.shape[1] * scale), int(image.shape[0] * scale)), interpolation=cv2.INTER_AREA)
    whole = np.zeros((360, 640, 3), np.uint8)
    top, left = (360 - image.shape[0]) // 2, (640 - image.shape[1]) // 2
    whole[top : top + image.shape[0], left : left + image.shape[1]] = image
    return whole


def joined(pieces: list[list[Image]], fade: int) -> list[Image]:
    whole = list(pieces[0])
    for piece in pieces[1:]:
        for number in range(fade):
            share = (number + 1) / (fade + 1)
            whole[-fade + number] = cv2.addWeighted(whole[-fade + number], 1 - share, piece[number], share, 0)
        whole += piece[fade:]
    return whole


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="edits, with commas")
    parser.add_argument("--seed", type=int, default=0, help="another draw from the same clips (default 0: the first)")
    options = parser.parse_args()
    Maker(options.data, options.out, options.seed).make({name for name in options.only.split(",") if name})


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main()
