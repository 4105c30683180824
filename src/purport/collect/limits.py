"""How much of anything is taken in, so that one bad input can't eat the machine. Units: bytes."""

HEAD = 64 * 1024  # looked at to tell what something is
TEXT = 100 * 1024 * 1024  # one plain text
HTML = 10 * 1024 * 1024  # one page, after decompression: a minute of the extractor's work at worst
LINE = 100 * 1024 * 1024  # one line of a JSONL file
RECORD = 2 * HTML  # one HTTP response as it stands in an archive
HEADERS = 1024 * 1024  # the header lines of one archive record
LISTING = 50 * 1024 * 1024  # a list of files, of pages, of bookmarks
CELL = 10 * 1024 * 1024  # one cell of a table
MESSAGE = 30 * 1024 * 1024  # one e-mail, without what is attached to it


def said(size: int) -> str:
    """A size for people, as in `20 MB`."""
    return f"{size // (1024 * 1024)} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} kB"
