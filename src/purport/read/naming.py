"""What a run of words names: a person with a title, an office without a name, a body, a state."""

import msgspec

from purport.read.lexicon.nouns import Nouns, bare
from purport.read.tokens import ADJECTIVES, ARTICLES, NUMBERS, POSSESSIVES, SURNAMES, Tokens

LONGEST_NAME = 4  # words of a person's name
_BODY = frozenset(["government", "armed_group", "organisation", "outlet"])


class Named(msgspec.Struct, frozen=True):
    """A core read: what kind it is, its name's lower-case words, its heads, and its parts as token ranges."""

    kind: str
    names: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    head: str = ""  # the singular noun that says its kind
    plural: bool = False
    gender: str = ""
    person: tuple[int, int] = (0, 0)
    office: tuple[int, int] = (0, 0)
    organisation: tuple[int, int] = (0, 0)
    rule: str = ""

    def beside(self, office: "Named") -> "Named":
        """This name with the office put before it: "The prosecutor" + "Pia Lumen"."""
        return msgspec.structs.replace(
            self,
            kind="person",
            roles=self.roles | office.roles,
            head=office.head,
            gender=self.gender or office.gender,
            office=office.office,
            organisation=office.organisation,
        )


def name_of(tokens: Tokens, nouns: Nouns, first: int, stop: int) -> Named:
    """Read tokens [first, stop), which end at a head noun or a name."""
    words, lows = tokens.words, tokens.lows
    while first < stop - 1 and (lows[first] in ARTICLES or lows[first] in POSSESSIVES or lows[first] in NUMBERS):
        first += 1
    if stop - first > 1 and tokens.opens[first] and lows[first] in nouns.heads and nouns.heads[lows[first]].plural:
        first = first if tokens.caps[stop - 1] else stop - 1
    run = stop  # where the trailing run of capitalised words begins
    while run > first and (
        tokens.caps[run - 1] or not words[run - 1][0].isalpha() or _joint(tokens, nouns, run - 1, stop)
    ):
        run -= 1
    while run < stop and not tokens.caps[run]:
        run += 1
    last = nouns.heads.get(lows[stop - 1])
    alone = stop - run == 1 and tokens.opens[run]
    if run == stop or (alone and last is not None and run == first):
        return _described(tokens, nouns, first, stop)
    name, gender, roles, titled = run, "", set[str](), False
    while name < stop and (lows[name] in nouns.honorifics or words[name] == "."):
        if stop - name > 1:
            gender = gender or nouns.honorifics.get(lows[name], "")
            if words[name] != ".":
                roles.add(_family(nouns, nouns.abbreviations.get(lows[name], lows[name])))
                titled = True
            name += 1
        else:
            break
    title = name
    last_is_body = last is not None and last.table in _BODY and lows[stop - 1] not in SURNAMES
    for k in range(name, stop - 1 if not last_is_body else name):  # "the Anchor Foundation" is no anchor
        noun = nouns.heads.get(lows[k])
        if noun is None or noun.plural or noun.table not in ("office", "person") or not tokens.caps[k]:
            continue
        surname = k > name and lows[k] in SURNAMES
        if not surname and lows[k] not in ADJECTIVES and lows[k + 1] not in ("of", "for"):
            title = k + 1
            roles.add(_family(nouns, noun.word))
            gender = gender or noun.gender
    office = (run, title) if title > name else (0, 0)
    names = tuple(lows[k] for k in range(title, stop) if words[k][0].isalnum())
    if title > name or titled:
        return Named("person", names, frozenset(roles), "", False, gender, (title, stop), office, rule="title")
    before = _described(tokens, nouns, first, run) if run > first else None
    if before and before.roles and not before.plural and lows[run - 1] in nouns.heads:
        if before.kind in ("person", "office"):
            inner = before.organisation
            return Named(
                "person",
                names,
                before.roles,
                before.head,
                False,
                before.gender,
                (run, stop),
                before.office,
                inner,
                "role",
            )
        return Named(before.kind, names, before.roles, before.head, organisation=(run, stop), rule="head noun")
    return _capitalised(tokens, nouns, run, stop, names, run > first)


def _capitalised(tokens: Tokens, nouns: Nouns, run: int, stop: int, names: tuple[str, ...], led: bool) -> Named:
    words, lows = tokens.words, tokens.lows
    key = bare(" ".join(words[run:stop]))
    if key in nouns.metonyms:
        return Named("metonym", names, rule="metonyms")
    if key in nouns.states:
        return Named("state", names, rule="states")
    last = stop - 1
    for k in range(run + 1, stop):  # "Organisation OF Coastal States": the head stands before
        if lows[k] in ("of", "for") and lows[k - 1] in nouns.heads:
            last = k - 1
            break
    noun = nouns.heads.get(lows[last])
    if lows[last] in nouns.titles and noun:
        role = frozenset((_family(nouns, noun.word),))
        return Named("outlet", names, role, noun.word, False, organisation=(run, stop), rule="head noun")
    if noun and noun.word == "state" and stop - run > 1:
        return Named(
            "organisation", names, frozenset(("state",)), noun.word, organisation=(run, stop), rule="head noun"
        )
    if noun and not (stop - run > 1 and lows[last] in SURNAMES and not led and last == stop - 1 and stop - run == 2):
        role = frozenset((_family(nouns, noun.word),))
        if noun.table in ("office", "person"):
            return Named(noun.kind, (), role, noun.word, noun.plural, noun.gender, office=(run, stop), rule="head noun")
        kind = noun.table
        if kind in _BODY and lows[last] in nouns.beside_heads and nouns.beside.intersection(names):
            kind = "armed_group"
        return Named(kind, names, role, noun.word, False, organisation=(run, stop), rule="head noun")
    if stop - run == 1 and words[run].isupper() and 2 <= len(words[run]) <= 6:
        return Named("organisation", names, organisation=(run, stop), rule="acronym")
    if len(names) > LONGEST_NAME:
        return Named("unknown")  # a headline in capitals
    return Named("name", names, person=(run, stop), rule="capitals")


def _described(tokens: Tokens, nouns: Nouns, first: int, stop: int) -> Named:
    """A phrase that ends in a common noun: "the army chief", "Harbour Ministry spokesman", "Isk clinic"."""
    lows = tokens.lows
    noun = nouns.heads.get(lows[stop - 1])
    if noun is None:
        return Named("unknown")
    kind = noun.kind
    if lows[stop - 1] in nouns.beside_heads and nouns.beside.intersection(lows[first:stop]):
        kind = "armed_group"
    role = frozenset((_family(nouns, noun.word),))
    start = stop - 1
    while start > first and (lows[start - 1] in nouns.heads or not tokens.caps[start - 1]):
        if nouns.heads.get(lows[start - 1]) is not None and tokens.caps[start - 1]:
            break
        start -= 1
    plural = noun.plural or (lows[stop - 1] in nouns.they and noun.table == "collective")
    if noun.table in ("office", "person"):
        organisation = (first, start) if start > first else (0, 0)
        return Named(kind, (), role, noun.word, plural, noun.gender, (0, 0), (start, stop), organisation, "head noun")
    return Named(kind, (), role, noun.word, plural, "", organisation=(first, stop), rule="head noun")


def _joint(tokens: Tokens, nouns: Nouns, k: int, stop: int) -> bool:
    """A small word inside a run of capitals: "Oren VAN Hest", "Board OF Bridges", a nickname's words."""
    if k + 1 >= stop:
        return False
    low = tokens.lows[k]
    if low in nouns.particles or low in ("of", "for", "the", "and"):
        return True
    return tokens.quoted[k] and not tokens.quoted[stop - 1]


def _family(nouns: Nouns, word: str) -> str:
    return nouns.family.get(word, word)
