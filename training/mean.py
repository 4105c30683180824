"""The mean of the weights of several runs that went on from one checkpoint, as a checkpoint (arXiv:2203.05482).

python training/mean.py CHECKPOINT... --out FILE
"""

import argparse
import sys

import torch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="+")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    saved = [torch.load(path) for path in options.checkpoints]
    first = saved[0]
    if any(
        (one["layers"], one["width"], one["heads"]) != (first["layers"], first["width"], first["heads"])
        for one in saved
    ):
        sys.exit("mean: the checkpoints are of networks of different shapes")
    states = [one["state"] for one in saved]
    first["state"] = {
        name: torch.stack([state[name] for state in states]).mean(0) if part.is_floating_point() else part
        for name, part in states[0].items()
    }
    torch.save(first, options.out)


if __name__ == "__main__":
    main()
