"""A page that is no longer where it was published: what the server, or the page in its place, says of it."""

import msgspec


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What came back for an address."""

    status: int
    asked: str  # the address
    final: str = ""  # the one that answered, after redirects; empty: the same
    title: str = ""  # of the page
    text: str = ""  # all that the page shows, one line a paragraph, menus left out as far as the mark-up tells
    before: str = ""  # the text that stood there when it was last taken; empty: not known


class Absence(msgspec.Struct, frozen=True):
    """It is gone, and this is how one knows."""

    cause: str  # http-404 | http-410 | http-451 | says-so | front-page | same-as-missing | emptied
    detail: str  # a sentence for people
    words: str = ""  # on the page, that decided; empty: none did
