"""Words that news writes in lower case: at the beginning of a sentence their capital tells no name.

    python training/ordinary.py --data DIR --out src/purport/read/lexicon/ordinary.txt

Counts words inside sentences, in PolNeAR train and the plain texts of FNC-1 (DIR/attribution, DIR/stance). A word
is ordinary when it was seen in lower case at least THRICE, and more often than SHARE of the time.
"""

import argparse
import json
import re
from collections import Counter
from pathlib import Path

from plain import bodies

THRICE = 3
SHARE = 0.25  # "house" and "state" are ordinary though many of theirs are in names
WORD = re.compile(r"(?<=[a-z,] )[A-Za-z][a-z]+(?![\w-])")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with (options.data / "attribution" / "polnear_train.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    seen = Counter(word for text in [*texts, *set(bodies(options.data / "stance"))] for word in WORD.findall(text))
    ordinary = [
        word
        for word, count in seen.items()
        if word.islower() and count >= THRICE and count > SHARE * (count + seen[word.capitalize()])
    ]
    options.out.write_text("\n".join(sorted(ordinary)) + "\n", encoding="utf-8")
    print(f"{len(ordinary)} words")


if __name__ == "__main__":
    main()
