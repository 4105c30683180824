"""Passwords as argon2id keeps them (RFC 9106), with the second of its recommended settings: 64 MiB, three passes."""

from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_AT_ONCE = 2  # each takes 64 MiB


class Argon:
    """`core.ports.Hasher`. To be shared by threads; no more than two passwords are worked on at once."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._room = BoundedSemaphore(_AT_ONCE)

    @cached_property
    def _nobody(self) -> str:
        """What is compared where there is no account, so that it takes as long."""
        return self._hasher.hash("nobody's")

    def made(self, password: str) -> str:
        with self._room:
            return self._hasher.hash(password)

    def fits(self, secret: str, password: str) -> bool:
        with self._room:
            nobody = self._nobody  # made by the first sign-in, whoever it is
            try:
                return self._hasher.verify(secret or nobody, password) and bool(secret)
            except (Argon2Error, InvalidHashError):
                return False
