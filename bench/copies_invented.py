"""Invented reports in any number that copy from each other, for measuring only: their words mean nothing.

Of three hundred and seventy words on average, which follow Zipf's law over a made-up vocabulary. Of a hundred reports,
twelve are copies of one of the last thousand (each word changed with a chance of 1 in 50, a few sentences cut), eight
rewrite some of its sentences among their own, and each ends in its outlet's line; set phrases stand in all of them.
"""

import random

import numpy as np

VOCABULARY = 40_000
OUTLETS = 60
PHRASES = 400
LATEST = 1000
SENTENCE = (8, 34)  # words, from and to
SENTENCES = (6, 30)


class Stories:
    def __init__(self, seed: int = 6) -> None:
        self.chance = random.Random(seed)
        self.dice = np.random.default_rng(seed)
        self.words = np.array(self._vocabulary())
        weights = 1 / (np.arange(VOCABULARY) + 2.7)
        self.totals = np.cumsum(weights / weights.sum())
        self.phrases = [self._some(self.chance.randint(4, 9)) for _ in range(PHRASES)]
        self.lines = [self._some(self.chance.randint(10, 24)) for _ in range(OUTLETS)]
        self.latest: list[list[str]] = []  # sentences of each

    def report(self, number: int) -> str:
        share = self.chance.random()
        if self.latest and share < 0.12:
            sentences = [self._edited(one) for one in self.chance.choice(self.latest) if self.chance.random() > 0.08]
        else:
            sentences = [self._sentence() for _ in range(self.chance.randint(*SENTENCES))]
            if self.latest and share < 0.2:
                taken = self.chance.choice(self.latest)
                sentences[1:1] = [self._edited(one) for one in taken[: max(2, len(taken) // 2)]]
        self.latest = [*self.latest[-LATEST + 1 :], sentences]
        return "\n\n".join((*sentences, f"{self.lines[number % OUTLETS]}."))

    def _vocabulary(self) -> list[str]:
        syllables = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "é", "an", "or")]
        found: dict[str, None] = {}
        while len(found) < VOCABULARY:
            found["".join(self.chance.choices(syllables, k=self.chance.randint(1, 4)))] = None
        return list(found)

    def _some(self, count: int) -> str:
        return " ".join(self.words[np.searchsorted(self.totals, self.dice.random(count))])

    def _sentence(self) -> str:
        sentence = self._some(self.chance.randint(*SENTENCE))
        if self.chance.random() < 0.3:
            sentence += " " + self.phrases[int(PHRASES * self.chance.random() ** 3)]
        return f"“{sentence}.”" if self.chance.random() < 0.2 else f"{sentence}."

    def _edited(self, sentence: str) -> str:
        return " ".join(self._some(1) if self.chance.random() < 0.02 else word for word in sentence.split(" "))
