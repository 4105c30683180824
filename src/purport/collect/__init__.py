"""Finds what it is given and takes it in: files, folders, JSONL, web archives, standard input, addresses.

The public door of the room: `take` and `count`.
"""

from purport.collect.places import count, take

__all__ = ["count", "take"]
