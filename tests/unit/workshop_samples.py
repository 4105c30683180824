"""Steps for a workshop's worker, good and bad; they run in a process of their own."""

import ctypes
import os
import time
from collections.abc import Callable

from purport.core.errors import FootageError

Told = Callable[[float], None]


def echo(order: bytes, told: Told) -> bytes:
    told(0.5)
    return order + b" by " + str(os.getpid()).encode()


def chatter(order: bytes, told: Told) -> bytes:
    print("a codec's remark")
    os.write(1, b"and one from C\n")
    return order


def abort(order: bytes, told: Told) -> bytes:
    os.abort()


def segfault(order: bytes, told: Told) -> bytes:
    ctypes.string_at(0)
    raise AssertionError("it should be dead")


def leave(order: bytes, told: Told) -> bytes:
    os._exit(3)


def hang(order: bytes, told: Told) -> bytes:
    time.sleep(600)
    return order


def mutter(order: bytes, told: Told) -> bytes:
    """Makes progress, and never ends."""
    while True:
        told(0.1)
        time.sleep(0.05)


def spin(order: bytes, told: Told) -> bytes:
    while True:
        pass


def swell(order: bytes, told: Told) -> bytes:
    held = [bytearray(1 << 20) for _ in range(1 << 20)]
    return bytes(len(held))


def swell_in_c(order: bytes, told: Told) -> bytes:
    """What a library in C++ does when it gets no memory."""
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
    os.abort()


def refuse(order: bytes, told: Told) -> bytes:
    raise FootageError("There is nothing to see in it.", "no-picture")


def err(order: bytes, told: Told) -> bytes:
    raise KeyError("houses")


def large(order: bytes, told: Told) -> bytes:
    return bytes(20_000_000)
