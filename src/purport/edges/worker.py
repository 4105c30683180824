"""A worker: `python -P -m purport.edges.worker MEBIBYTES` takes orders on standard input until that ends.

It answers on what was standard output; what libraries print there goes to standard error instead, which the workshop
reads when the worker dies. It bounds its own memory, and the processor time of each order.
"""

import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import BinaryIO

from purport.core.errors import FootageError
from purport.edges.messages import LENGTH, Done, Failed, Order, Told, ordered, packed


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    bound(resource.RLIMIT_AS, int(sys.argv[1]) * 1024 * 1024)
    bound(resource.RLIMIT_CORE, 0)  # footage stays out of core dumps
    threading.Thread(target=watch, args=(os.getppid(),), daemon=True).start()
    while order := taken(sys.stdin.buffer):
        used = resource.getrusage(resource.RUSAGE_SELF)
        bound(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + order.seconds)
        send(answers, answer(order, lambda share: send(answers, Told(share))))


def watch(parent: int) -> None:
    """Leave when the workshop is gone: nobody is left to give up on what hangs."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def bound(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def taken(orders: BinaryIO) -> Order | None:
    """The next order; none when the workshop is gone."""
    length = orders.read(LENGTH)
    return ordered.decode(orders.read(int.from_bytes(length, "big"))) if len(length) == LENGTH else None


def answer(order: Order, told: Callable[[float], None]) -> Done | Failed:
    module, _, name = order.function.partition(":")
    try:
        return Done(getattr(import_module(module), name)(order.payload, told))
    except BrokenPipeError:  # nobody is left to tell
        raise
    except MemoryError:
        return Failed("memory", "")
    except FootageError as error:
        return Failed(error.cause, str(error))
    except Exception as error:
        return Failed("failed", f"{type(error).__name__}: {error}")


def send(answers: BinaryIO, message: Told | Done | Failed) -> None:
    answers.write(packed(message))
    answers.flush()


if __name__ == "__main__":
    main()
