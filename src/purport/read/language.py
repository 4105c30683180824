"""Which language a text is in, so that the reader can say it abstains instead of misreading."""

from functools import cache
from typing import Any

_SAMPLE = 600  # characters taken at the beginning and again in the middle
_TOO_FEW = 6  # words; under this the identifier is a coin toss
_FEW = 20  # words; under this it must be surer
# English keeps the benefit of the doubt down to this probability: over few words, over more.
# On NTREX sentences of 6 to 19 words 0.01 takes no English one of 894 for foreign and misses 1 foreign in 200.
_DOUBT = (0.01, 0.15)


def language_of(text: str) -> str:
    """An ISO 639-1 code, "en" when in doubt: a few words in Latin letters are taken to be English.

    Looks at 1,200 characters at most. The identifier is py3langid (a naive Bayes over byte n-grams, after
    Lui and Baldwin 2012, https://aclanthology.org/P12-3005/).
    """
    middle = max(_SAMPLE, len(text) // 2)
    sample = text[:_SAMPLE] + text[middle : middle + _SAMPLE]
    letters = [c for c in sample if c.isalpha()]
    latin = sum(c < "\u0250" for c in letters) >= len(letters) / 2
    words = len(sample.split())
    if not letters or (latin and words < _TOO_FEW):
        return "en"
    ranked: dict[str, float] = dict(_identifier().rank(sample))
    best = max(ranked, key=lambda code: ranked[code])
    return "en" if latin and ranked.get("en", 0.0) >= _DOUBT[words >= _FEW] else best


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]  # loads slowly

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
