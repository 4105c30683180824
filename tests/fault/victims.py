"""Orders to a victim process, and what must hold whatever became of it."""

import json
import os
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LONGEST = 600.0  # seconds for an order
Said = dict[str, Any]


class Victims:
    """The process that forks a child for each order; `wrapped` is a command that it runs in."""

    def __init__(self, *wrapped: str, **environment: str) -> None:
        paths = [str(HERE), str(HERE.parent / "unit"), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        self._process = subprocess.Popen(
            [*wrapped, sys.executable, str(HERE / "victim.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def __enter__(self) -> "Victims":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def do(self, folder: Path, work: str, **more: Any) -> Said:
        return self.together(folder, {"work": work, **more})[0]

    def together(self, folder: Path, *orders: Said) -> list[Said]:
        """Several at once."""
        return self._ask({"orders": [{"folder": str(folder), **order} for order in orders]})

    def shell(self, command: str) -> str:
        (done,) = self._ask({"shell": command})
        assert done["code"] == 0, done["said"]
        said: str = done["said"]
        return said

    def _ask(self, order: Said) -> list[Said]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], LONGEST)
        if not ready:
            self._process.kill()
        answers: list[Said] = json.loads(self._process.stdout.readline() or "null")
        assert answers is not None, "a child hung, or the process that forks them died"
        return answers

    def whole(self, folder: Path, acks: Sequence[str] | None = None) -> Said:
        """Nothing that was acknowledged is lost, nothing is there twice, and all of it verifies."""
        found = self.do(folder, "check")
        assert "error" not in found, found
        held: Said = found["found"]
        there = Counter(held["held"])
        assert not [one for one, times in there.items() if times > 1]
        assert not [one for one, times in Counter(held["read"]).items() if times > 1]
        booked = {*there, *held["backups"]}
        told = acknowledged(folder) if acks is None else acks
        assert not [one for one in told if one not in booked and not one.startswith("restored-")]
        return held


def acknowledged(folder: Path) -> list[str]:
    path = folder / "acks"
    return path.read_text().split() if path.is_file() else []
