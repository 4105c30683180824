"""One small tree of errors. The message names the mend; the command line exits with the class's code.

`docs/errors.md` is generated from this file by `scripts/docs`.
"""


class PurportError(Exception):
    """Something Purport can't do, said so that its reader knows what to do next."""

    code = 1


class UsageError(PurportError):
    """The call can't be carried out as written (the same code as click's own)."""

    code = 2


class InputError(PurportError):
    """Nothing could be read from the inputs given: no such file, or every one of them failed."""

    code = 3


class RefusedAddressError(PurportError):
    """A URL leads to a private, loopback or link-local address and fetching it was not allowed."""

    code = 4


class FetchError(PurportError):
    """A URL could not be fetched: time-out, refused connection, an error status, too large.

    `cause` is the short stable word for its gap: fetch, timeout, http-status, too-large, encoding.
    """

    code = 5

    def __init__(self, message: str, cause: str = "fetch") -> None:
        super().__init__(message)
        self.cause = cause


class LedgerError(PurportError):
    """The ledger can't be opened or is not one of ours, or is of a newer version."""

    code = 6


class NotFoundError(PurportError):
    """No entry by that id, or none that matches; the message says what was searched."""

    code = 7


class ModelError(PurportError):
    """The reader's model is missing or broken."""

    code = 8


class EvidenceError(PurportError):
    """An entry's evidence can't be opened: the stored bytes are gone or their digest differs."""

    code = 9


class FootageError(PurportError):
    """A media file can't be decoded: not a video, image or sound, broken, or beyond the bounds of time and memory.

    `cause` is the short stable word for its gap: undecodable, no-picture, truncated, crashed, timeout, memory, changed.
    """

    code = 10

    def __init__(self, message: str, cause: str = "undecodable") -> None:
        super().__init__(message)
        self.cause = cause


class UnfitError(PurportError):
    """`purport doctor` found something that is to be mended."""

    code = 12


class CustodyError(PurportError):
    """`purport verify` found that something is not as it was written down: an entry, a row, a file, a time stamp.

    `item` names it; it is the first one that does not hold.
    """

    code = 11

    def __init__(self, item: str, fault: str) -> None:
        super().__init__(f"{item} {fault}")
        self.item, self.fault = item, fault
