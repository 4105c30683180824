"""Finds what it is given and takes it in: files, folders, JSONL, web archives, mail, standard input, addresses.

The public door of the room: `take`, `take_open` and `count` for reports, `media`, `medium` and `count_media` for
footage, `listed` for lists of hashes, `bookmarked` for the bookmarks in a file.
"""

from purport.collect.bookmarks import Bookmark, Bookmarks
from purport.collect.hashes import listed
from purport.collect.media import Medium, count_media, media, medium
from purport.collect.places import bookmarked, count, take, take_open

__all__ = [
    "Bookmark",
    "Bookmarks",
    "Medium",
    "bookmarked",
    "count",
    "count_media",
    "listed",
    "media",
    "medium",
    "take",
    "take_open",
]
