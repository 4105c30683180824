"""Three hosts share one ledger, one is killed and one is cut off: all is read once, and as it was written."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "three_hosts.py"


def test_nothing_is_lost_and_nothing_is_there_twice_when_hosts_go():
    done = subprocess.run([sys.executable, str(SCRIPT), "--short"], capture_output=True, text=True, timeout=1200)
    if done.returncode == 77:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    assert "All of it is as it was written." in done.stdout
    assert done.stdout.splitlines()[-1].startswith("# 24 of 24 reports, each read once;"), done.stdout[-600:]
