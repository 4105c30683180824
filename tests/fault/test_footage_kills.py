"""Taking in footage is killed (kill -9) at any moment; adding the same files again gives each of them once."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
from custody_samples import found, vault
from faults import Tally

from purport.edges.sqlite import open_sqlite
from purport.ledger import View

PURPORT = (sys.executable, "-c", "from purport.cli import main; main()")


def pictures(folder: Path, first: int, count: int) -> list[str]:
    for number in range(first, first + count):
        colours = np.random.default_rng(number).integers(0, 255, (6, 8, 3), dtype=np.uint8)
        cv2.imwrite(f"{folder}/{number}.png", cv2.resize(colours, (160, 120), interpolation=cv2.INTER_CUBIC))
    return [f"{number}.png" for number in range(first, first + count)]


def test_each_picture_is_there_once_and_has_its_prints(tmp_path: Path, tally: Tally) -> None:
    chance, names, seconds = random.Random(11), list[str](), 3.0
    for round in range(tally.many(1)):
        names += pictures(tmp_path, 3 * round, 3)
        began = time.monotonic()
        with subprocess.Popen([*PURPORT, "footage", "add", *names[-6:]], cwd=tmp_path, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as adding:  # fmt: skip
            try:
                adding.wait(chance.uniform(0.6, seconds))
                seconds = max(1.0, time.monotonic() - began)
            except subprocess.TimeoutExpired:
                adding.kill()
                tally("kill -9 while taking in footage")
        if (tmp_path / "purport.db").is_file():
            found(vault(tmp_path))
    done = subprocess.run(
        [*PURPORT, "footage", "add", *names], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found(vault(tmp_path))
    held = list(View(open_sqlite(f"sqlite:///{tmp_path / 'purport.db'}")).releases())
    assert Counter(capture.place for _, capture in held) == Counter(names)
    for release, _ in held:
        assert (tmp_path / "purport.prints" / f"{release.id}.prints").is_file() == bool(release.prints)
