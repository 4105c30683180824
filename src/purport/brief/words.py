"""How the house's terms are said to people: one table for the terminal, the page and the Markdown."""

import unicodedata
from datetime import datetime, timedelta

from purport.core.records import Claim, Hop, Report
from purport.core.spans import cover, words
from purport.core.times import Moment, utc

# The marks go with a word wherever they stand, so that neither colour nor the sign alone carries the meaning.
# They are the reporter's distance, never ours: "=" is "put as fact by the report", not "so".
DISTANCED, ENDORSED, DENIAL = "≈", "=", "≠"

SEPARATOR = " › "


def act(claim: Claim, report: Report) -> str:
    """The act by the name one searches it by, spaced: `claim responsibility`.

    Empty for mere saying, for a denial (it has its own mark), and where the report's words name it already.
    """
    if claim.act == "say" or is_denial(claim):
        return ""
    name = claim.act.replace("_", " ")
    return "" if name.removesuffix("e") in cue(claim, report).casefold() else name


def cue(claim: Claim, report: Report) -> str:
    """The report's own words that attribute, where there are any; otherwise the act."""
    return words(report.text, claim.cue) or claim.act.replace("_", " ")


def is_denial(claim: Claim) -> bool:
    return claim.act == "deny"


def is_distanced(claim: Claim) -> bool:
    return claim.stance == "distanced"


def marks(claim: Claim) -> list[tuple[str, str]]:
    """The claim's marks as (sign, word); none for a plain claim."""
    found = []
    if is_distanced(claim):
        found.append((DISTANCED, "distanced"))
    elif claim.stance == "endorsed":
        found.append((ENDORSED, "endorsed"))
    if is_denial(claim):
        found.append((DENIAL, "denial"))
    elif claim.polarity == "-":
        found.append(("−", "negated"))
    return found


def stance_words(claim: Claim, report: Report) -> str:
    """The words that put the reporter at a distance, or close, where the cue doesn't hold them: `alleged`."""
    shown = cue(claim, report).casefold()
    said = dict.fromkeys(r.words for r in claim.reasons if r.what == "stance" and r.words)
    return ", ".join(words for words in said if words.casefold() not in shown)


def credits(report: Report) -> list[str]:
    """Whom the report credits, each once and besides its own outlet, without the dash after a dateline."""
    named = (note.text.strip(" \t\n—–-") or note.text for note in report.credits)
    return list(dict.fromkeys(name for name in named if name != report.outlet))


def source(claim: Claim, report: Report) -> str:
    """The source in its own words; `(no source named)` where the text names none."""
    return words(report.text, claim.source) or "(no source named)"


def named(text: str) -> str:
    """A name by itself: on one line, without the sign that closed it in its sentence (`Its director, Ansel Vire,`)."""
    plain = " ".join(text.split())
    return plain.rstrip(" ,;:–—") or plain


def speaker(claim: Claim, report: Report) -> str:
    """Who the source words refer to, where that says more than they do; otherwise empty."""
    said = " ".join(words(report.text, claim.source).split()).casefold()
    return next((s.text for s in claim.speaker if " ".join(s.text.split()).casefold() != said), "")


def hops(claim: Claim, report: Report) -> tuple[Hop, ...]:
    """The claim's chain, outermost first; made of outlet and source where the reader gave none.

    An outlet that speaks of itself is one hop, not two.
    """
    chain = claim.chain
    if not chain:
        outlet = (Hop("outlet", report.outlet),) if report.outlet else ()
        chain = (*outlet, Hop(claim.source_kind, source(claim, report), cover(claim.source), claim.id))
    return tuple(h for h, before in zip(chain, (None, *chain), strict=False) if not before or not _same(h, before))


def _same(a: Hop, b: Hop) -> bool:
    return bool(a.text) and " ".join(a.text.split()).casefold() == " ".join(b.text.split()).casefold()


def kind(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def chain(claim: Claim, report: Report) -> str:
    """`Harbour Wire › Coast Monitor › the video › narrator`."""
    return SEPARATOR.join(named(h.text) or f"({kind(h.kind)})" for h in hops(claim, report))


def day(moment: Moment) -> str:
    """A moment at the precision it was read with: a year, a month, a day, an instant or a stretch (UTC)."""
    start, end = utc(moment.start), utc(moment.end)
    midnight = (start.hour, start.minute, start.second, start.microsecond) == (0, 0, 0, 0)
    if midnight and end - start == timedelta(days=1):
        return f"{start.day} {start:%B %Y}"
    if midnight and start.day == 1 and (end.day, end.hour, end.minute) == (1, 0, 0):
        months = (end.year - start.year) * 12 + end.month - start.month
        if months == 1:
            return f"{start:%B %Y}"
        if months == 12 and start.month == 1:
            return str(start.year)
    last = end - timedelta(microseconds=1)
    if end - start <= timedelta(minutes=1):
        return instant(start)
    if midnight and (end.hour, end.minute, end.second) == (0, 0, 0):
        return f"{start.day} {start:%B %Y} – {last.day} {last:%B %Y}"
    if start.date() == last.date():
        return f"{start.day} {start:%B %Y, %H:%M}–{end:%H:%M} UTC"
    return f"{start.day} {start:%B %Y, %H:%M} – {end.day} {end:%B %Y, %H:%M} UTC"


def instant(at: datetime) -> str:
    """`5 March 2024, 14:02 UTC`: how an instant is written wherever people read sentences."""
    at = utc(at)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def when(moment: Moment) -> str:
    """The words of a time and what they were read as: `on Tuesday (5 March 2024)`."""
    said = " ".join(moment.words.split())
    return f"{said} ({day(moment)})" if said and said != day(moment) else day(moment)


def facts(claim: Claim) -> list[str]:
    """What else a claim carries, as short phrases: about whom, when, quoted or not, how sure its source is."""
    found = [f"about {' '.join(t.text.split())}" for t in claim.target] + [when(t) for t in claim.time]
    found += {"direct": ["quoted"], "mixed": ["partly quoted"]}.get(claim.quote, [])
    found += [f"put as {claim.certainty}"] * (claim.certainty in ("probable", "possible"))
    found += ["said before: not counted again"] * claim.repeated
    return found


def number(count: int, one: str, many: str = "") -> str:
    """`1 claim`, `1,204 claims`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


# Bidirectional controls can make a line read differently from what it says (CVE-2021-42574).
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def inert(text: str, keep: str = "") -> str:
    """Text that can't drive a terminal: controls become visible pictures, line ends become spaces.

    Characters in `keep` stay as they are. One character stays one character, so offsets hold.
    """
    if text.isprintable():  # nearly all text: no control, format or surrogate in it, and no separator but blanks
        return text
    return "".join(c if c in keep else _inert(c) for c in text)


def _inert(char: str) -> str:
    code = ord(char)
    if char in "\t\n\r\u2028\u2029\x85":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if char in _BIDI or unicodedata.category(char) in ("Cc", "Cs"):
        return "\ufffd"
    return char
