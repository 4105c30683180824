"""Claims as lines of JSON and as rows of a table, with nested ones and those whose holder was not asked for."""

import csv
import io
import json

import msgspec
import pytest
from reader_samples import pieces, report

from purport.brief import sheet
from purport.core.lines import line, lines
from purport.core.records import Claim, Mention, Reading, Report, Speaker

TEXT = "The agency says the video claims to show a boat. -5 degrees, the clerk said."
REPORT = report(TEXT, outlet="@Dolva Post")


def a_claim(id: str, source: str, cue: str, content: str, within: str = "") -> Claim:
    return Claim(
        id=id,
        report=REPORT.id,
        source=pieces(TEXT, source),
        cue=pieces(TEXT, cue),
        content=pieces(TEXT, content),
        act="say",
        stance="plain",
        polarity="-",
        certainty="certain",
        quote="indirect",
        source_kind="organisation",
        confidence=0.87654,
        within=within,
        depth=int(bool(within)),
    )


OUTER = a_claim("claim-1", "The agency", "says", "the video claims to show a boat")
INNER = a_claim("claim-2", "the video", "claims", "to show a boat", within="claim-1")
OTHER = a_claim("claim-3", "the clerk", "said", "-5 degrees")


def test_claims_inside_one_stand_in_its_line() -> None:
    first, second = lines([OUTER, INNER, OTHER], REPORT)
    assert [inner["claim"] for inner in first["inner"]] == ["claim-2"]
    assert first["inner"][0]["within"] == "claim-1"
    assert "inner" not in second
    assert "within" not in second


def test_a_claim_without_its_holder_has_a_line_of_its_own() -> None:
    assert [one["claim"] for one in lines([INNER, OTHER], REPORT)] == ["claim-2", "claim-3"]
    assert lines([], REPORT) == []


@pytest.mark.parametrize("given", [(), (Speaker("Cedar Agency", (0, 10), 0.98765),)])
def test_what_is_absent_is_null(given: tuple[Speaker, ...]) -> None:
    made = json.loads(msgspec.json.encode(line(msgspec.structs.replace(OUTER, speaker=given), REPORT)))
    expected = {"text": "Cedar Agency", "span": [0, 10], "confidence": 0.988}
    assert made["speaker"] == (expected if given else None)
    assert (made["target"], made["time"], made["confidence"]) == (None, None, 0.877)
    assert "repeated" not in made


def rows(*claims: Claim, of: Report = REPORT) -> list[dict[str, str]]:
    out = io.StringIO()
    sheet.write([(of, Reading("", of.id, "", claims))], out)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def test_a_row_a_claim_nested_ones_too() -> None:
    found = rows(OUTER, INNER, OTHER)
    assert [tuple(row) for row in found] == [sheet.COLUMNS] * 3
    assert [row["within"] for row in found] == ["", "claim-1", ""]
    assert found[0]["content"] == "the video claims to show a boat"
    assert (found[0]["polarity"], found[0]["confidence"]) == ("negative", "0.877")
    assert rows() == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@cmd", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    (row,) = rows(msgspec.structs.replace(OTHER, target=(Mention(text, (0, 1)),)))
    assert row["target"].startswith("'")
    assert row["outlet"] == "'@Dolva Post"
    assert row["content"] == "'-5 degrees"


def test_cells_keep_commas_quotes_and_line_ends_but_no_escape_sequences() -> None:
    awkward = 'a, "b"\nc\x1b[31m'
    (row,) = rows(msgspec.structs.replace(OTHER, target=(Mention(awkward, (0, 1)),)))
    assert row["target"] == 'a, "b"\nc␛[31m'
