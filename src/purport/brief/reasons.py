"""Why a claim's labels are what they are, in plain sentences that quote the deciding words and say where they stand.

The reasons come with the claim; this module only puts them into words. A rule it has no sentence for is named.
"""

from collections.abc import Callable, Iterator

import msgspec

from purport.brief import words as say
from purport.core.records import Claim, Reason, Report
from purport.core.spans import Span, words


class Told(msgspec.Struct, frozen=True):
    """One label with the words that decided it (none: span (0, 0)), the rule that read them, and a sentence."""

    what: str
    value: str
    words: str
    span: Span
    rule: str
    sentence: str


def told(claim: Claim, report: Report) -> list[Told]:
    """Every label of a claim, explained, in the order people ask for them."""
    held: dict[str, Reason] = {}
    for reason in claim.reasons:
        held.setdefault(reason.what, reason)
    found = []
    for what, value, sentence in (
        ("act", claim.act, _act),
        ("stance", claim.stance, _stance),
        ("polarity", claim.polarity, _polarity),
        ("certainty", claim.certainty, _certainty),
    ):
        found.append(_told(what, value, held.get(what), sentence))
    found.append(_quote(claim, held.get("quote")))
    found.append(_source_kind(claim, held.get("source kind")))
    found.append(_speaker(claim, report, held.get("speaker")))
    return [*found, *_target(claim), _time(claim, report)]


def quoted(text: str, span: Span) -> str:
    """`“denied” (35–41)`."""
    return f"“{' '.join(text.split())}” ({place(span)})"


def place(span: Span) -> str:
    return f"{span[0]}–{span[1]}"


def _told(what: str, value: str, reason: Reason | None, sentence: Callable[[Reason, str], str]) -> Told:
    if reason is None:
        return Told(what, value, "", (0, 0), "", "This reading did not write down what decided it.")
    said = sentence(reason, quoted(reason.words, reason.span) if reason.words else "The cue")
    return Told(what, value, reason.words, reason.span, reason.rule, said)


def _act(reason: Reason, said: str) -> str:
    rule, name = reason.rule, say.kind(reason.value)
    if rule == "default":
        return f"{said} is in no table of cues; then the act is the plainest one."
    if rule.startswith("cue/"):
        return f"{said} is a cue of this act, by the entry “{rule.partition(': ')[2]}”."
    if rule.startswith("negated/"):
        return f"{said} undoes the act of the cue (“{say.kind(rule.partition('/')[2])}”), which makes it “{name}”."
    return {
        "content/denial": f"The content itself rejects what another said: {said}.",
        "content/responsibility": f"The content says who did it: {said}.",
        "content/threat": f"The content announces harm: {said}.",
        "content/must": f"The content says what another must do: {said}.",
        f"frame/{reason.value}": f"{said} at the beginning of the content turns the cue's meaning.",
    }.get(rule, _by(rule, said))


def _stance(reason: Reason, said: str) -> str:
    rule = reason.rule
    if rule == "default" or (rule.startswith("cue/") and reason.value == "plain"):
        return f"Neither {said} nor a word near it shows the reporter at a distance or in agreement."
    if rule.startswith("cue/"):
        taken = reason.value == "endorsed"
        return f"{said} {'takes what follows for granted' if taken else 'leaves what follows with its source'}."
    if rule.startswith("lends: "):
        return f"{said} colours the cue that follows it."
    return {
        "context/distancing": f"The reporter's own word {said} keeps a distance.",
        "context/endorsing": f"The reporter's own word {said} agrees.",
        "scare quotes": f"The reporter uses {said} in quotation marks, as another's word.",
        "negated": f"{said} takes back that the cue would agree.",
        "modal": f"{said} takes back that the cue would agree.",
    }.get(rule, _by(rule, said))


def _polarity(reason: Reason, said: str) -> str:
    rule, minus = reason.rule, reason.value == "-"
    if rule == "default" or (rule.startswith("cue/") and not minus):
        return f"Neither {said} nor the content negates what is said."
    if rule.startswith("cue/"):
        return f"{said} itself negates the content."
    if rule == "content/negated" or rule == "negated":
        return f"{said} negates {'it' if minus else 'what was negated already, so that it stands'}."
    if rule.startswith("negated/"):
        return f"{said} undoes the act of the cue."
    if rule == "content/denial" or rule == "content/responsibility":
        return f"The content itself rejects it: {said}."
    return _by(rule, said)


def _certainty(reason: Reason, said: str) -> str:
    rule = reason.rule
    if rule == "default" or rule.startswith("cue/"):
        return f"{said} puts the content so, and no word in it is weaker."
    if rule == "modal":
        return f"{said} before the cue leaves open whether it was said at all."
    if rule.startswith("negated/"):
        return f"{said} undoes the act of the cue."
    if rule.startswith("content/"):
        return f"The source's own word {said} puts the content so."
    return _by(rule, said)


def _quote(claim: Claim, reason: Reason | None) -> Told:
    if reason is not None:
        much = "Nearly all of the content stands" if claim.quote == "direct" else "A part of the content stands"
        sentence = f"{much} in quotation marks: {quoted(reason.words, reason.span)}."
        return Told("quote", claim.quote, reason.words, reason.span, reason.rule, sentence)
    sentence = "There is no content." if claim.quote == "none" else "No part of the content stands in quotation marks."
    return Told("quote", claim.quote, "", (0, 0), "", sentence)


def _source_kind(claim: Claim, reason: Reason | None) -> Told:
    if reason is None:
        return Told("source kind", claim.source_kind, "", (0, 0), "", "The text names no source here.")
    said, (table, _, entry) = quoted(reason.words, reason.span), reason.rule.partition(": ")
    if reason.rule == "pronoun":
        sentence = f"{said} is a pronoun, which says no more."
    elif table == "shape":
        sentence = f"{said} has the shape of it: {entry}."
    elif entry and table.startswith("kinds.toml"):
        under = "" if entry == reason.words.lower() else f", under “{entry}”"
        sentence = f"{said} stands so in the table of kinds{under}."
    elif reason.rule == "states.toml":
        sentence = f"{said} is a state, which speaks by its government."
    else:
        sentence = _by(reason.rule, said)
    return Told("source kind", claim.source_kind, reason.words, reason.span, reason.rule, sentence)


def _speaker(claim: Claim, report: Report, reason: Reason | None) -> Told:
    if reason is None:
        said = "This reading did not write down why." if claim.source else "There are no source words to resolve."
        return Told("speaker", claim.speaker[0].text if claim.speaker else "none", "", (0, 0), "", said)
    said = quoted(reason.words, reason.span)
    if not claim.speaker:
        sentence = f"Nobody is named for {said}: {reason.rule}. The reader abstains where it is less than half sure."
        return Told("speaker", "not decided", reason.words, reason.span, reason.rule, sentence)
    (who,) = claim.speaker
    sure = f"confidence {who.confidence:.2f}"
    if who.text == words(report.text, claim.source):
        sentence = f"{said} is itself the fullest mention ({sure})."
    else:
        sentence = f"{said} refers to {quoted(who.text, who.span)}, by the rule “{reason.rule}” ({sure})."
    return Told("speaker", who.text, reason.words, reason.span, reason.rule, sentence)


def _target(claim: Claim) -> Iterator[Told]:
    for one in claim.target:
        sentence = f"{quoted(one.text, one.span)} stands where this verb has whom or what it is aimed at."
        yield Told("target", one.text, one.text, one.span, "", sentence)


def _time(claim: Claim, report: Report) -> Told:
    for one in claim.time:
        sentence = f"{quoted(one.words, one.span)} dates the saying: {say.day(one)}."
        return Told("time", say.day(one), one.words, one.span, "", sentence)
    why = "" if report.published else " The report has no date of its own to count “on Monday” from."
    return Told("time", "none", "", (0, 0), "", f"No time in the cue's own clause dates the saying.{why}")


def _by(rule: str, said: str) -> str:
    return f"{said} decided, by the rule “{rule}”."
