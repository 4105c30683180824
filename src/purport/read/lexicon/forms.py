"""Inflected forms of a base form, by spelling rule; what the rules don't make stands in `forms.toml`.

Forms are made once when the tables are loaded, so that reading a word later is one look into a dict. A
rule may make a form that nobody writes ("openned"); it is never met and does no harm.
"""

_VOWELS = "aeiou"


def forms(word: str, irregular: tuple[str, ...] = ()) -> set[str]:
    """The base form, its -s, -ed and -ing forms, American -ize for -ise, and the irregular forms given."""
    if not word.isalpha() or len(word) < 3:
        return {word, *irregular}
    made = {word, *irregular}
    for base in {word, word[:-3] + "ize"} if word.endswith("ise") else {word}:
        made |= _regular(base)
    return made


def _regular(word: str) -> set[str]:
    made = {word}
    if word.endswith(("s", "x", "z", "ch", "sh")):
        made.add(word + "es")
    elif word.endswith("y") and word[-2] not in _VOWELS:
        made.add(word[:-1] + "ies")
    else:
        made.add(word + "s")
    if word.endswith("e"):
        made |= {word + "d", word[:-1] + "ing"}
    elif word.endswith("y") and word[-2] not in _VOWELS:
        made |= {word[:-1] + "ied", word + "ing"}
    else:
        made |= {word + "ed", word + "ing"}
        if word[-1] not in _VOWELS + "wxy" and word[-2] in _VOWELS:
            made |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    return made
