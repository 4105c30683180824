"""A storage that answers with errors, too late or half: what was acknowledged is there, and the rest is told."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import Tally
from s3_samples import KEYS, Bucket, serving
from test_kills import texts
from victims import Victims, acknowledged

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
KINDS = ("503", "500", "cut", "lost", "slow")


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with serving(Bucket()) as held:
        yield held


def test_what_is_acknowledged_is_in_the_bucket_whatever_it_answers(
    bucket: Bucket, tmp_path: Path, tally: Tally
) -> None:
    chance = random.Random(10)
    with Victims(**KEYS, AWS_ENDPOINT_URL=bucket.url, PURPORT_BLOBS="s3://kest/desk") as victims:
        for round in range(tally.many(5)):
            places = texts(tmp_path, 10 * round, 4)
            kind, burst = KINDS[round % len(KINDS)], chance.choice([1, 2, 3, 8])
            bucket.faults = [""] * chance.randint(0, 3) + [kind] * burst
            told = victims.do(tmp_path, "read", places=places)
            done = burst - len([fault for fault in bucket.faults if fault])
            tally(f"storage: {_NAMES[kind]}", done)
            bucket.faults = []
            if "error" in told:
                assert told["error"] == "EvidenceError", told
                assert "s3://kest/desk" in told["message"]
            victims.whole(tmp_path)
            assert "error" not in victims.do(tmp_path, "read", places=places)
        held = victims.whole(tmp_path)
        assert set(held["held"]) == set(acknowledged(tmp_path))


_NAMES = {
    "503": "503, slow down",
    "500": "500",
    "cut": "half an answer",
    "lost": "done, and the answer lost",
    "slow": "an answer too late",
}
