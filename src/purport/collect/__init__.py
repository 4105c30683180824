"""Finds what it is given and takes it in: files, folders, JSONL, web archives, standard input, addresses.

The public door of the room: `take` and `count` for reports, `media` and `count_media` for footage, `listed` for
lists of hashes.
"""

from purport.collect.hashes import listed
from purport.collect.media import Medium, count_media, media
from purport.collect.places import count, take

__all__ = ["Medium", "count", "count_media", "listed", "media", "take"]
