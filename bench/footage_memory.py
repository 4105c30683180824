"""Peak memory and size of prints over longer and longer films. Prints Markdown.

    scripts/bench footage_memory [1 10 60]    minutes of film

Each film is made here (320 x 192, ten pictures a second, a new scene every half minute, a cart that moves) and its
prints are taken by a process of its own.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av
import cv2
import numpy as np

from purport.footage.prints import Prints, take

RATE, SCENE = 10, 30


def make(path: Path, minutes: int) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 320, 192, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "30", "threads": "1"}
        for number in range(minutes * 60 * RATE):
            scene, moment = divmod(number, SCENE * RATE)
            if not moment:
                fields = np.random.default_rng(scene).integers(0, 255, (12, 20), np.uint8)
                town = cv2.resize(fields, (320, 192), interpolation=cv2.INTER_NEAREST)
            picture = town.copy()
            picture[90:120, moment : moment + 30] = 255
            frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def measured(film: Path, prints: Path) -> None:
    """In a process of its own: take prints, then say the peak in MiB."""
    take(film).save(prints)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    print("| minutes of film | shots | seconds | peak memory, MiB | prints, MB | MB an hour |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for minutes in [int(word) for word in sys.argv[1:]] or [1, 10, 60]:
            film, prints = Path(folder, "film.mp4"), Path(folder, "film.prints")
            make(film, minutes)
            began = time.monotonic()
            command = [sys.executable, __file__, "--measured", str(film), str(prints)]
            peak = float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            taken, size = time.monotonic() - began, prints.stat().st_size / 1e6
            shots = len(Prints.load(prints).shots)
            print(
                f"| {minutes} | {shots} | {taken:.1f} | {peak:.0f} | {size:.1f} | {size * 60 / minutes:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measured"]:
        measured(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
