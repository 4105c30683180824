"""What acts.judge promises beyond its golden table."""

import re
from itertools import product
from pathlib import Path

import pytest

from purport.core.spans import Pieces
from purport.read import acts, quotes
from purport.read.cue import match
from purport.read.lexicon import lexicon
from purport.read.lexicon.forms import forms
from purport.read.lexicon.words import split

STANCES = {"plain", "distanced", "endorsed"}
CERTAINTIES = {"certain", "probable", "possible", "unknown"}


def find(text: str, *parts: str) -> tuple[Pieces, ...]:
    """The pieces of source, cue and content, each given by its words; "" for none."""
    return tuple(((text.index(part), text.index(part) + len(part)),) if part else () for part in parts)


def test_each_reason_shows_the_words_at_its_span() -> None:
    text = "In Mirova, the ministry has not denied that the “liberation” of the mill may fail."
    judged = acts.judge(text, *find(text, "the ministry", "denied", "that the “liberation” of the mill may fail"))
    assert [reason.what for reason in judged.reasons] == ["act", "stance", "polarity", "certainty"]
    assert [reason.value for reason in judged.reasons] == ["decline", "distanced", "+", "unknown"]
    for reason in judged.reasons:
        assert text[slice(*reason.span)] == reason.words
        assert reason.rule
    assert judged.reasons[0].words == "not"
    assert judged.reasons[1].words == "“liberation”"


def test_a_cue_that_no_table_has_is_a_saying_and_says_so() -> None:
    text = "The choir burbled that the hall was cold."
    judged = acts.judge(text, *find(text, "The choir", "burbled", "that the hall was cold"))
    assert judged.act == "say"
    assert judged.reasons[0].rule == "default"
    assert judged.reasons[0].words == "burbled"


def test_where_the_cue_is_cut_makes_no_difference() -> None:
    text = "The ministry has repeatedly refused to confirm that it sold the boats."
    cuts = ("has repeatedly refused to confirm", "refused to confirm", "confirm", "confirm that")
    found = {
        (judged.act, judged.stance, judged.polarity, judged.certainty)
        for cut in cuts
        for judged in [acts.judge(text, *find(text, "The ministry", cut, "it sold the boats"))]
    }
    assert found == {("decline", "plain", "+", "unknown")}


@pytest.mark.parametrize("roles", list(product([(), ((0, 3),)], [(), ((4, 8),)], [(), ((9, 24),)])))
def test_any_role_may_be_missing(roles: tuple[Pieces, Pieces, Pieces]) -> None:
    judged = acts.judge("She said that they left.", *roles)
    assert judged.act == "say"


def test_an_empty_text_is_judged() -> None:
    assert acts.judge("", (), (), ()).act == "say"


def test_pieces_of_a_content_are_read_in_order() -> None:
    text = "“We did,” the clerk said, “not sign.”"
    content = ((0, 9), (26, 37))
    assert acts.judge(text, *find(text, "the clerk", "said"), content).polarity == "-"


def test_a_month_and_a_name_are_no_modals() -> None:
    for text in ("The clerk said it closed on 3 May 1990.", "The clerk said the May government fell."):
        judged = acts.judge(text, *find(text, "The clerk", "said"), ((15, len(text) - 1),))
        assert judged.certainty == "certain", text
    text = "Mrs May reportedly asked him to leave."  # and no source was found
    assert acts.judge(text, *find(text, "", "reportedly", "asked him to leave")).certainty == "certain"


def test_he_in_a_quotation_is_not_the_speaker() -> None:
    text = "“He will crush you,” she said."
    assert acts.judge(text, *find(text, "she", "said", "“He will crush you,”")).act == "say"


def test_the_lexicon_uses_only_the_values_of_the_records() -> None:
    lex = lexicon()
    for group in lex.groups:
        assert group.stance in STANCES
        assert group.lends in STANCES | {""}
        assert group.polarity in {"+", "-"}
        assert group.certainty in CERTAINTIES
    assert all(outcome.certainty in CERTAINTIES for outcome in lex.negated.values())


def test_no_pattern_means_two_things() -> None:
    seen: dict[tuple[str, bool], str] = {}
    for group in lexicon().groups:
        for words in group.words:
            assert (words, group.yields) not in seen, words
            seen[words, group.yields] = group.act


def test_every_pattern_is_found_in_its_own_words() -> None:
    lex = lexicon()
    for group in lex.groups:
        for words in group.words:
            if not words[0].isalpha():
                continue
            found = match(split(words, ((0, len(words)),)), 0, lex)
            assert found is not None, words
            assert found.last == len(split(words, ((0, len(words)),)).low) - 1, words


def test_every_act_is_documented() -> None:
    lex = lexicon()
    used = {group.act for group in lex.groups} | {outcome.act for outcome in lex.negated.values()}
    used |= {frame.act for frame in lex.frames}
    page = (Path(__file__).parents[2] / "docs" / "acts.md").read_text("utf-8")
    listed = page.split("## Acts")[1].split("## Stance")[0]
    assert used == set(re.findall(r"^\| `(\w+)` \|", listed, re.MULTILINE))


def test_the_version_is_stable_within_a_process_and_short() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", acts.lexicon_version())
    assert acts.lexicon_version() == acts.lexicon_version()


def test_a_cue_without_a_word_of_its_own_takes_none_from_its_surroundings() -> None:
    judged = acts.judge("They didn't go.", (), ((11, 12),), ())
    assert (judged.act, judged.polarity) == ("say", "+")


def test_forms_follow_the_spelling_rules() -> None:
    assert {"denies", "denied", "denying"} <= forms("deny")
    assert {"criticize", "criticized", "criticises"} <= forms("criticise")
    assert {"admitted", "admitting"} <= forms("admit")
    assert "said" in forms("say", ("said",))


def test_a_text_without_a_reporting_word_is_not_read_again() -> None:
    assert acts.may_attribute("the group's claim that its fighters had left was false")
    assert acts.may_attribute("it had DENIED that")
    assert acts.may_attribute("the reports state that two boats sank")
    assert not acts.may_attribute("the state has two boats in other states")
    assert not acts.may_attribute("two boats sank near the pier at noon")
    assert not acts.may_attribute("he hopes to win, and believes he will")  # no words that went through hands


def test_a_table_made_once_gives_the_same_judgement() -> None:
    text = "“They allegedly sold the boats,” the clerk said."
    roles = find(text, "the clerk", "said", "“They allegedly sold the boats,”")
    assert acts.judge(text, *roles, quotes.inside(text)) == acts.judge(text, *roles)
