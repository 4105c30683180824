"""Explanations: every label has a sentence that quotes the deciding words with their place; then the numbers."""

import io
import json
import re
from pathlib import Path

import msgspec
import pytest
from brief_samples import a_day, a_report
from rich.console import Console

from purport.brief import explain
from purport.brief.reasons import told
from purport.core.explanation import Believed, Explanation, Links
from purport.core.records import Claim, Mention, Reason, Report
from purport.core.spans import Pieces
from purport.read import build, verbatim
from purport.read.tagger import Attribution


def read(text: str, source: str, cue: str, content: str, **fields: object) -> tuple[Claim, Report]:
    """A claim as the tables label it, at places given by hand."""
    report, _ = a_report(text, **fields)

    def at(words: str) -> Pieces:
        return ((text.index(words), text.index(words) + len(words)),) if words else ()

    found = Attribution(at(source), at(cue), at(content), 0.9)
    (claim,) = build.reading(report, "by hand", build.plant([found], text)).claims
    return claim, report


def sentences(claim: Claim, report: Report) -> dict[str, str]:
    return {one.what: one.sentence for one in told(claim, report)}


CASES = [
    # what is explained, text, source, cue, content, and what the sentence says
    ("act", "The mayor of Kest denied that ferries stopped.", "The mayor of Kest", "denied", "that ferries stopped",
     "“denied” (18–24) is a cue of this act"),
    ("act", "The mayor did not deny that ferries stopped.", "The mayor", "did not deny", "that ferries stopped",
     "undoes the act of the cue (“deny”)"),
    ("act", "The mayor said the report was false.", "The mayor", "said", "the report was false",
     "rejects what another said: “was false” (26–35)"),
    ("act", "The group said it was behind the bombing.", "The group", "said", "it was behind the bombing",
     "who did it"),
    ("act", "The mayor gurgled ferries stopped.", "The mayor", "gurgled", "ferries stopped", "in no table of cues"),
    ("stance", "The mayor said ferries stopped.", "The mayor", "said", "ferries stopped", "Neither “said” (10–14)"),
    ("stance", "The video purportedly shows ferries.", "The video", "purportedly shows", "ferries",
     "own word “purportedly” (10–21) keeps a distance"),
    ("stance", "The mayor claims that ferries stopped.", "The mayor", "claims", "that ferries stopped",
     "“claims” (10–16) leaves what follows with its source"),
    ("stance", "The mayor acknowledged that ferries stopped.", "The mayor", "acknowledged", "that ferries stopped",
     "takes what follows for granted"),
    ("polarity", "The mayor said ferries stopped.", "The mayor", "said", "ferries stopped", "negates what is said"),
    ("polarity", "The mayor said ferries did not stop.", "The mayor", "said", "ferries did not stop",
     "“not” (27–30) negates it"),
    ("polarity", "The mayor denied that ferries stopped.", "The mayor", "denied", "that ferries stopped",
     "“denied” (10–16) itself negates"),
    ("certainty", "The mayor said ferries may stop.", "The mayor", "said", "ferries may stop",
     "own word “may” (23–26)"),
    ("certainty", "The mayor said ferries stopped.", "The mayor", "said", "ferries stopped",
     "no word in it is weaker"),
    ("quote", "“Ferries stopped,” the mayor said.", "the mayor", "said", "“Ferries stopped,”",
     "in quotation marks: ““Ferr"),
    ("quote", "The mayor said ferries stopped.", "The mayor", "said", "ferries stopped", "No part of the content"),
    ("source kind", "The mayor said ferries stopped.", "The mayor", "said", "ferries stopped",
     "“mayor” (4–9) stands so"),
    ("source kind", "It is said that ferries stopped.", "", "is said", "that ferries stopped", "names no source"),
    ("source kind", "They said ferries stopped.", "They", "said", "ferries stopped", "is a pronoun"),
    ("speaker", "Mira Tolan came. She said ferries stopped.", "She", "said", "ferries stopped",
     "“She” (17–20) refers to “Mira Tolan” (0–10)"),
    ("speaker", "Mira Tolan said ferries stopped.", "Mira Tolan", "said", "ferries stopped",
     "itself the fullest mention"),
    ("speaker", "It said ferries stopped.", "It", "said", "ferries stopped", "Nobody is named for “It” (0–2)"),
    ("speaker", "It is said that ferries stopped.", "", "is said", "that ferries stopped", "no source words"),
    ("target", "The mayor told reporters that ferries stopped.", "The mayor", "told", "that ferries stopped",
     "“reporters” (15–24)"),
    ("time", "The mayor said ferries stopped.", "The mayor", "said", "ferries stopped", "no date of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "text", "source", "cue", "content", "said"), CASES)
def test_each_label_says_which_words_decided_it(
    what: str, text: str, source: str, cue: str, content: str, said: str
) -> None:
    assert said in sentences(*read(text, source, cue, content))[what]


def test_the_time_is_told_by_its_words() -> None:
    report = {"published": (a_day(2024, 3, 6),)}
    claim, held = read("The mayor said on Monday ferries stopped.", "The mayor", "said", "ferries stopped", **report)
    assert sentences(claim, held)["time"] == "“on Monday” (15–24) dates the saying: 4 March 2024."


def test_every_case_explains_every_label_with_words_that_stand_at_their_place() -> None:
    for _, text, source, cue, content, _ in CASES:
        claim, report = read(text, source, cue, content)
        found = told(claim, report)
        assert {"act", "stance", "polarity", "certainty", "quote", "source kind", "speaker", "time"} <= {
            one.what for one in found
        }
        for one in found:
            assert one.sentence.endswith(".")
            assert report.text[slice(*one.span)] == one.words
            for words, start, end in re.findall(r"“([^“”]+)” \((\d+)–(\d+)\)", one.sentence):
                assert " ".join(report.text[int(start) : int(end)].split()) == words


def test_a_rule_without_a_sentence_is_named() -> None:
    claim, report = read("The mayor said ferries stopped.", "The mayor", "said", "ferries stopped")
    odd = tuple(Reason(r.what, r.value, r.words, r.span, "a/new rule") for r in claim.reasons)
    found = sentences(msgspec.structs.replace(claim, reasons=odd), report)
    assert found["act"] == "“said” (10–14) decided, by the rule “a/new rule”."
    bare = sentences(msgspec.structs.replace(claim, reasons=()), report)
    assert bare["act"] == "This reading did not write down what decided it."


SURE = Links(
    0.91,
    0.4,
    0.97,
    (Believed(Mention("ferries", (15, 22)), 0.88),),
    0.83,
    0.35,
    (Believed(Mention("Kest", (1, 5)), 0.2),),
)


def shown(found: Explanation, width: int = 200) -> str:
    out = io.StringIO()
    explain.show(found, Console(file=out, width=width, legacy_windows=False))
    return out.getvalue()


def an_explanation(**fields: object) -> Explanation:
    claim, report = read("The mayor said ferries did not stop.", "The mayor", "said", "ferries did not stop")
    return Explanation(claim, report, "purport-1+x", **fields)  # type: ignore[arg-type]


def test_the_numbers_of_the_links_are_told_with_how_close_it_was() -> None:
    text = shown(an_explanation(links=(SURE,)))
    assert "Cue: 0.91 for “said”; it is taken up from 0.40." in text
    assert "Content: 0.97 on average; the least sure word is “ferries” (15–22) with 0.88." in text
    assert "Source: 0.83 on average, a word needs 0.35; next came “Kest” (1–5) with 0.20." in text
    assert "Confidence of the whole claim: 0.90." in text
    assert "Read by purport-1+x" in text
    assert "surroundings" not in text


def test_without_a_rival_or_a_source_it_says_so() -> None:
    alone = msgspec.structs.replace(SURE, rival=(), inside=True)
    assert "no other words came near" in shown(an_explanation(links=(alone,)))
    assert "without its surroundings" in shown(an_explanation(links=(alone,)))
    claim, report = read("It is said that ferries stopped.", "", "is said", "that ferries stopped")
    text = shown(Explanation(claim, report, "r", (msgspec.structs.replace(SURE, source=0.0),)))
    assert "no words reached the 0.35 that a source needs; the nearest was “Kest” (1–5) with 0.20" in text


def test_numbers_that_are_withheld_are_not_made_up() -> None:
    held = an_explanation(withheld="Not told: read by another.")
    text = shown(held)
    assert "Not told: read by another." in text
    assert "Cue: " not in text
    assert explain.as_json(held)["links"] is None


def test_signs_are_shown_as_they_are() -> None:
    polarity = next(line for line in shown(an_explanation()).splitlines() if line.strip().startswith("polarity"))
    assert polarity.split()[1] == "-"


def test_as_json_it_is_one_object_with_places() -> None:
    found = json.loads(msgspec.json.encode(explain.as_json(an_explanation(links=(SURE,)))))
    by = {label["what"]: label for label in found["labels"]}
    assert by["polarity"] | {"sentence": "", "rule": ""} == {
        "what": "polarity", "value": "-", "words": "not", "span": [27, 30], "rule": "", "sentence": "",
    }  # fmt: skip
    assert found["links"]["rival"] == {"text": "Kest", "span": [1, 5], "belief": 0.2}
    assert found["links"]["weakest"]["text"] == "ferries"
    assert found["withheld"] == ""


@pytest.mark.parametrize("width", [40, 80])
def test_nothing_runs_over_the_edge_or_drives_the_terminal(width: int) -> None:
    evil = "The \x1b[31m mayor\x07"
    claim, report = read(f"{evil} said ferries\x9b2J stopped.", evil, "said", "ferries\x9b2J stopped")
    text = shown(Explanation(claim, report, "r\x1b[0m", (SURE,)), width)
    assert not {c for c in text if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0)}
    assert max(map(len, text.splitlines())) <= width


def test_the_sentences_give_no_verdict() -> None:
    """The words of the report may say so, ours never do."""
    source = Path(explain.__file__).with_name("reasons.py").read_text(encoding="utf-8").lower()
    assert not re.search(r"[\"“ ](?:is|are|was) (?:true|false|fake|a lie)\b", source)
    assert verbatim.UNSTATED == 0.5
