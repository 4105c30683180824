"""Who does bulk work on one machine: this process, one file after the other."""

from collections.abc import Iterable, Iterator

from purport.core.bulk import Input, Receipt
from purport.core.ports import Hand, Told


class Alone:
    """Implements `core.ports.Crew`."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    def work(self, inputs: Iterable[Input], told: Told) -> Iterator[Receipt]:
        for one in inputs:
            yield self._hand.do(one, told)
