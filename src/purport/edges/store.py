"""A bucket of S3-compatible storage: `s3://bucket/prefix`. What fails for the moment is tried again, not for ever.

Keys, region and endpoint come from the environment, as every S3 client reads them (AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL).
"""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import stamina

from purport.core.errors import EvidenceError, UsageError
from purport.edges.retries import tell_retries

try:
    import obstore
    from obstore.exceptions import BaseError, GenericError, NotFoundError
    from obstore.store import S3Store
except ImportError as missing:
    raise UsageError('A bucket (s3://…) needs a package that is not installed: pip install "purport[s3]".') from missing

TRIES, SECONDS, LONGEST = 5, 30.0, 120.0  # of a call: how often; for one request; for all of them
ABSENT = (NotFoundError, FileNotFoundError)  # the library raises the latter where Python has it

PUT = "Look whether the storage is up, and run the same command again: nothing of it was booked."
GET = "Look whether the storage is up, and ask again."
SETTINGS = "Look at the AWS_… settings and at the rights that the bucket gives you."
GONE = "Bring it back from a backup, or take the source in again."

T = TypeVar("T")


class Store:
    """What lies in a bucket below a prefix, for the functions of obstore, which take `at` as their first argument."""

    def __init__(self, url: str, *, tries: int = TRIES, seconds: float = SECONDS, wait: float = 0.2) -> None:
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        if not url.startswith("s3://") or not bucket:
            raise UsageError(f"A bucket is s3://BUCKET or s3://BUCKET/PREFIX, not {url!r}.")
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
        try:
            self.at = S3Store(
                bucket,
                prefix=prefix.strip("/") or None,
                client_options={
                    "allow_http": endpoint.startswith("http://"),
                    "timeout": timedelta(seconds=seconds),
                    "connect_timeout": timedelta(seconds=min(seconds, 5.0)),
                },
                retry_config={"max_retries": 0},  # tried again here, where it is told
                checksum_algorithm="sha256",
            )
        except BaseError as error:
            raise UsageError(f"{url} can't be used: {why(error)}. Look at the AWS_… settings.") from error
        self.url, self._tries, self._wait = url.rstrip("/"), tries, wait
        tell_retries()

    def call(self, what: str, mend: str, call: Callable[[], T], gone: str = GONE) -> T:
        """Call until it is answered, so often and so long. Raises EvidenceError: `what` failed, and the mend."""
        try:
            for attempt in stamina.retry_context(
                on=GenericError, attempts=self._tries, timeout=LONGEST, wait_initial=self._wait, wait_jitter=self._wait
            ):
                with attempt:
                    return call()
        except ABSENT as error:
            raise EvidenceError(f"{what} (No such object). {gone}") from error
        except GenericError as error:
            raise EvidenceError(f"{what} ({why(error)}; tried {self._tries} times). {mend}") from error
        except (BaseError, OSError) as error:
            raise EvidenceError(f"{what} ({why(error)}). {SETTINGS}") from error
        raise AssertionError("unreachable")

    def piece(self, key: str, start: int, length: int) -> bytes:
        """Just so many bytes of an object. Raises what a call tries again."""
        data = bytes(obstore.get_range(self.at, key, start=start, length=length))
        if len(data) != length:
            raise GenericError(f"{len(data)} bytes came of {length}")
        return data


def why(error: Exception) -> str:
    """The first line of what the library says, without its own record of it."""
    return str(error).partition("\n")[0].strip().rstrip(".") or type(error).__name__
