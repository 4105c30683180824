"""What was decided about the same words on an earlier text of a page: found, told with what differs, decided again."""

import json
from pathlib import Path

import msgspec
import pytest
from house_samples import PlainReader, house, read

from purport.app import House, recalling, reviewing
from purport.core.errors import UsageError
from purport.core.records import Report
from purport.core.reviews import CONFIRMED, CORRECTED, DIFFERING, REJECTED, UNREVIEWED, Reviewed

TEXT = "The clerk said the bridge was safe. The mayor denied the road was shut. The clerk said the ferry sails."


def taken(at: House, folder: Path, text: str, url: str = "https://kest.example/bridge") -> dict[str, str]:
    """Read a text of a page; its claims, by the first words of what is said."""
    file = folder / "page.jsonl"
    file.write_text(json.dumps({"url": url, "title": "Bridge", "text": text}) + "\n", encoding="utf-8")
    read(at, file)
    *_, report = at.view.reports()
    return {report.text[one.content[0][0] :][:10]: one.id for one in at.view.claims_of([report.id])[report.id]}


@pytest.fixture
def at(tmp_path: Path) -> House:
    return house(tmp_path)


def before(at: House, claim: str) -> list[recalling.Before]:
    found = recalling.before(at, [at.view.claim(claim)])
    assert found.keys() <= {claim}
    return list(found.values())


def stands(at: House, claim: str) -> Reviewed:
    return reviewing.standing(at, [at.view.claim(claim)]).get(claim, Reviewed())


def test_the_same_words_are_offered_wherever_they_moved_and_others_are_not(at: House, tmp_path: Path) -> None:
    old = taken(at, tmp_path, TEXT)
    for id in old.values():
        reviewing.confirm(at, id, "", "ann")
    moved = "The clerk said the ferry sails. The clerk said the bridge was old. The mayor denied the road was shut."
    new = taken(at, tmp_path, moved)
    assert [one.claim.id for one in before(at, new["the ferry "])] == [old["the ferry "]]
    assert [one.claim.id for one in before(at, new["the road w"])] == [old["the road w"]]
    assert before(at, new["the bridge"]) == []  # its words were changed
    assert all(stands(at, id).state == UNREVIEWED for id in new.values())  # nothing went over by itself


def test_only_what_is_judged_on_an_earlier_text_of_the_same_page_is_offered(at: House, tmp_path: Path) -> None:
    old = taken(at, tmp_path, TEXT)
    new = taken(at, tmp_path, f"{TEXT} The end.")
    other = taken(at, tmp_path, f"{TEXT} No more.", "https://kest.example/other")
    reviewing.note(at, old["the road w"], "ask again", "ann")
    made = reviewing.confirm(at, old["the bridge"], "", "ann")
    reviewing.confirm(at, new["the ferry "], "", "ann")
    assert before(at, new["the road w"]) == []  # a note is no judgement
    assert before(at, other["the bridge"]) == []
    assert before(at, old["the ferry "]) == []  # the later one was judged
    assert before(at, new["the bridge"])
    reviewing.undo(at, made.id, "a slip", "ann")
    assert before(at, new["the bridge"]) == []


def test_the_latest_earlier_text_counts_and_both_words_are_offered(at: House, tmp_path: Path) -> None:
    first = taken(at, tmp_path, TEXT)
    second = taken(at, tmp_path, f"{TEXT} The end.")
    reviewing.confirm(at, first["the bridge"], "", "ann")
    third = taken(at, tmp_path, f"{TEXT} The very end.")
    assert before(at, third["the bridge"])[0].claim.id == first["the bridge"]
    reviewing.confirm(at, second["the bridge"], "", "ann")
    said = reviewing.reject(at, second["the bridge"], "a caption", "ben")
    (was,) = before(at, third["the bridge"])
    assert was.claim.id == second["the bridge"] and was.reviewed.state == DIFFERING
    made = recalling.again(at, third["the bridge"], said.id, "kim")
    assert (made.what, made.who, made.of) == (REJECTED, "kim", said.id)
    assert made.why == "as ben did on the text captured 13 March 2031, 09:00 UTC: a caption"


def test_words_that_a_text_has_twice_keep_their_order(at: House, tmp_path: Path) -> None:
    twice = "The clerk said the ferry sails. Nothing else. The clerk said the ferry sails."
    taken(at, tmp_path, twice)
    (report,) = at.view.reports()
    first, second = at.view.claims_of([report.id])[report.id]
    reviewing.reject(at, second.id, "said once", "ann")
    taken(at, tmp_path, f"Late news. {twice}")
    *_, later = at.view.reports()
    one, other = at.view.claims_of([later.id])[later.id]
    assert before(at, one.id) == [] and before(at, other.id)[0].claim.id == second.id != first.id


def test_a_correction_is_put_where_its_words_stand_now(at: House, tmp_path: Path) -> None:
    old = taken(at, tmp_path, TEXT)
    made = reviewing.correct(at, old["the road w"], {"content": "road", "speaker": "The clerk"}, "less", "ann")
    again = taken(at, tmp_path, f"The road is long. {TEXT}")
    recalling.again(at, again["the road w"], made.id, "ben")
    (word,) = stands(at, again["the road w"]).words
    text = at.view.claim(again["the road w"])[1].text
    ((start, end),) = word.said[0].content
    assert word.what == CORRECTED and text[start:end] == "road" and text[:start].endswith("The mayor denied the ")
    assert word.said[0].speaker[0].text == "The clerk"


def test_a_correction_whose_words_are_gone_is_refused(at: House, tmp_path: Path) -> None:
    old = taken(at, tmp_path, f"{TEXT} Coast Watch.")
    made = reviewing.correct(at, old["the road w"], {"speaker": "Coast Watch"}, "it did", "ann")
    new = taken(at, tmp_path, TEXT)
    assert before(at, new["the road w"])
    with pytest.raises(UsageError, match="“Coast Watch” does not stand in the report"):
        recalling.again(at, new["the road w"], made.id, "ben")
    assert stands(at, new["the road w"]).state == UNREVIEWED


class DoubtingReader(PlainReader):
    """Reads the same words with another stance."""

    version = "doubting/1"

    def _reading(self, report: Report):
        found = super()._reading(report)
        return msgspec.structs.replace(
            found, claims=tuple(msgspec.structs.replace(one, stance="distanced") for one in found.claims)
        )


def test_confirmed_was_a_reading_and_another_is_judged_anew(at: House, tmp_path: Path) -> None:
    old = taken(at, tmp_path, TEXT)
    made = reviewing.confirm(at, old["the bridge"], "", "ann")
    rejected = reviewing.reject(at, old["the road w"], "a caption", "ann")
    other = house(tmp_path, DoubtingReader())
    new = taken(other, tmp_path, f"{TEXT} The end.")
    assert before(other, new["the bridge"])[0].otherwise == ("stance",)
    with pytest.raises(UsageError, match="stance is read otherwise here"):
        recalling.again(other, new["the bridge"], made.id, "ben")
    assert recalling.again(other, new["the road w"], rejected.id, "ben").what == REJECTED  # however it is read


def test_what_was_decided_about_other_words_is_refused(at: House, tmp_path: Path) -> None:
    old = taken(at, tmp_path, TEXT)
    made = reviewing.confirm(at, old["the bridge"], "", "ann")
    new = taken(at, tmp_path, f"{TEXT} The end.")
    assert stands(at, old["the bridge"]).state == CONFIRMED
    with pytest.raises(UsageError, match="the same words of an earlier text"):
        recalling.again(at, new["the road w"], made.id, "ben")
