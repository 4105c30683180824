"""News without labels, for teachers to read: one JSON object {"text"} a line.

    python training/plain.py --data DIR --out FILE [--characters 4000000]

Takes the article bodies of FNC-1 and the training documents of ECB+ (in DIR/stance and DIR/events) until
there are so many characters, in an order drawn by a fixed seed. None of them has attributions marked, and
none is in PolNeAR.
"""

import argparse
import csv
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

SEED = 7
SHORTEST = 400  # characters: less is a headline or a stub
SAME = 200  # two texts that begin with these many letters alike are one
CLOSING = re.compile(r" ([.,;:!?%)\]]|n't\b|'(?:s|re|ve|ll|d|m)\b)")
OPENING = re.compile(r"([(\[$]) ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with stance/ and events/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--characters", type=int, default=4_000_000)
    options = parser.parse_args()
    texts = list(distinct([*bodies(options.data / "stance"), *documents(options.data / "events")]))
    random.Random(SEED).shuffle(texts)
    taken, size = 0, 0
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", encoding="utf-8") as out:
        for text in texts:
            if size >= options.characters:
                break
            out.write(json.dumps({"text": text}) + "\n")
            taken, size = taken + 1, size + len(text)
    print(f"{taken} of {len(texts)} texts, {size} characters")


def bodies(folder: Path) -> Iterator[str]:
    csv.field_size_limit(10_000_000)
    for name in ("fnc1_train_bodies.csv", "fnc1_competition_test_bodies.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            yield from (row["articleBody"].strip() for row in csv.DictReader(file))


def documents(folder: Path) -> Iterator[str]:
    """ECB+ comes in tokens: set the words together again, as far as they tell."""
    with (folder / "ecbplus_train.jsonl").open(encoding="utf-8") as file:
        for line in file:
            text = " ".join(json.loads(line)["tokens"])
            text = OPENING.sub(r"\1", CLOSING.sub(r"\1", text.replace("`` ", "“").replace(" ''", "”")))
            yield re.sub(r"^http\S+\s*", "", text)


def distinct(texts: list[str]) -> Iterator[str]:
    seen = set()
    for text in texts:
        key = re.sub(r"\W+", "", text).lower()[:SAME]
        if len(text) >= SHORTEST and key not in seen:
            seen.add(key)
            yield text


if __name__ == "__main__":
    main()
