"""The same reader with threads in one process instead of a process a core: what the processes gain."""

from peers import Read
from peers.purport_reader import reading_by
from purport.wiring import open_reader_here


def load() -> Read:
    return reading_by(open_reader_here())
