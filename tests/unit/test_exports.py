"""Exports: each as its standard's own library reads it, with the words at their places and no verdict in it."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import house_samples as samples
import pytest
import stix2
from export_samples import HAS_FTM, HERE, INSTALLED, needs_ftm, packed, stocked
from prov.model import ProvDocument

from purport.app import House, marking, parcels
from purport.app.parcels import Wanted
from purport.brief.exports import FORMS, stix, table
from purport.brief.exports.parcel import library
from purport.core.errors import NotFoundError, UsageError
from purport.core.marks import LEVELS
from purport.core.records import Claim, Query, Report
from purport.core.spans import cover

JUDGING = re.compile(r"\b(true|false|fake|hoax|misleading|debunked|verified as)\b", re.I)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return stocked(tmp_path)


def written(house: House, form: str, **asked: Any) -> str:
    out = io.StringIO(newline="")
    FORMS[form].write(packed(house, form, **asked), out)
    return out.getvalue()


def claims(house: House) -> list[tuple[Claim, Report]]:
    return list(house.view.claims())


def test_stix_is_read_by_stix2_and_makes_nobody_a_threat(house: House) -> None:
    text = written(house, "stix")
    bundle = stix2.parse(text, allow_custom=False)
    kinds = {one["type"] for one in bundle.objects}
    assert (
        kinds
        == {
            *("identity", "extension-definition", "marking-definition"),
            *("observed-data", "file", "report", "note"),
        }
        | {"url"} & kinds
    )
    ids = {one["id"] for one in bundle.objects}
    assert len(ids) == len(bundle.objects)
    for one in bundle.objects:
        assert set(one.get("object_refs", [])) <= ids
        assert set(one.get("object_marking_refs", [])) <= ids
    notes = {
        note["external_references"][0]["external_id"]: note
        for note in json.loads(text)["objects"]
        if note["type"] == "note" and "external_references" in note
    }
    for claim, report in claims(house):
        told = notes[claim.id]["extensions"][stix.EXTENSION]
        assert report.text[told["begins"] : told["ends"]] == told["exact"]
        assert told["act"] == claim.act
        assert [tuple(place) for place in told["content"]] == list(claim.content)
    assert "opinion" not in kinds


def test_the_same_ledger_gives_the_same_stix_ids(house: House) -> None:
    def ids() -> list[str]:
        return [one["id"] for one in json.loads(written(house, "stix"))["objects"]]

    assert ids() == ids()


def test_markings_are_those_of_oasis(house: House) -> None:
    bundle = json.loads(written(house, "stix"))
    marks = {one["name"]: one for one in bundle["objects"] if one["type"] == "marking-definition"}
    assert list(marks) == [f"TLP:{level}" for level in LEVELS]
    assert marks["TLP:AMBER+STRICT"]["extensions"][stix.TLP_EXTENSION]["tlp_2_0"] == "amber+strict"


def test_a_claim_review_says_that_nobody_rated_it(house: House) -> None:
    graph = json.loads(written(house, "claimreview"))["@graph"]
    assert len(graph) == len(claims(house))
    for one in graph:
        assert one["@type"] == "ClaimReview"
        assert one["reviewRating"]["alternateName"] == "Not rated"
        assert not {"ratingValue", "bestRating", "worstRating"} & one["reviewRating"].keys()
        assert one["author"]["@type"] == "SoftwareApplication"
    denial = next(one for one in graph if "repaired" in one["claimReviewed"])
    # a denial is never turned into its content
    assert denial["claimReviewed"] == denial["itemReviewed"]["text"] == "[denied] the crane had been repaired badly"
    assert denial["itemReviewed"]["author"] == {"@type": "Organization", "name": "The ministry"}


def test_no_export_judges(house: House) -> None:
    said = " ".join(report.text for report in house.view.reports())
    assert not JUDGING.search(said)
    for form in INSTALLED:
        for words in JUDGING.findall(re.sub(r'":\s*(true|false)', "", written(house, form))):
            pytest.fail(f"{form}: {words}")


def test_annotations_find_the_same_words_by_quote_and_by_place(house: House) -> None:
    made = json.loads(written(house, "annotations"))
    items = made["first"]["items"]
    assert made["total"] == len(items) > 0
    texts = {f"urn:purport:{report.id}": report.text for report in house.view.reports()}
    assert any(ord(sign) > 0xFFFF for text in texts.values() for sign in text)  # code points, not code units
    for one in items:
        target = one["target"]
        text, (quote, place) = texts[target["source"]["id"]], target["selector"]
        assert text[place["start"] : place["end"]] == quote["exact"] != ""
        assert text.index(quote["prefix"] + quote["exact"] + quote["suffix"]) + len(quote["prefix"]) == place["start"]
        assert one["motivation"] in ("describing", "classifying")
    found = {
        (one["id"].split(":")[2], one["id"].split(":")[3]): one["target"]["selector"][1]["start"]
        for one in items
        if one["motivation"] == "classifying"
    }
    for claim, _ in claims(house):
        assert found[claim.id, "content"] == cover(claim.content)[0]


def test_prov_is_read_by_prov_and_leads_from_claim_to_capture(house: House) -> None:
    text = written(house, "prov")
    document = ProvDocument.deserialize(content=text, format="json")
    assert len(list(document.get_records())) > 0
    assert json.loads(document.serialize(format="json")).keys() == json.loads(text).keys()
    made = json.loads(text)
    derived = {one["prov:generatedEntity"]: one["prov:usedEntity"] for one in made["wasDerivedFrom"].values()}
    for claim, report in claims(house):
        assert derived[derived[f"purport:{claim.id}"]] == f"purport:{report.capture}"
        assert made["entity"][f"purport:{claim.id}"]["purport:attributed_to"] in report.text
    # who is quoted is no agent of ours
    assert {
        one["prov:type"]["$"] if isinstance(one["prov:type"], dict) else one["prov:type"]
        for one in made["agent"].values()
    } == {"prov:SoftwareAgent"}


@needs_ftm
def test_ftm_is_read_by_followthemoney_and_nothing_is_lost_in_cleaning(house: House) -> None:
    import followthemoney

    kinds: dict[str, int] = {}
    for line in written(house, "ftm").splitlines():
        data = json.loads(line)
        proxy = followthemoney.model.get_proxy(data)
        proxy.schema.validate(data)
        assert proxy.to_dict()["properties"] == data["properties"]
        kinds[data["schema"]] = kinds.get(data["schema"], 0) + 1
        if data["schema"] == "Article" and "Crane" in str(data):
            assert data["properties"]["publishedAt"] == ["2031-03-12"]
            assert data["properties"]["publisher"] == ["kest.example"]
    assert kinds == {"Article": 3, "Mention": 4, "Note": 5}


def test_csv_is_rfc_4180_and_no_cell_is_a_formula(house: House) -> None:
    text = written(house, "csv")
    assert text.count("\r\n") == text.count("\n") == 5
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert list(rows[0]) == list(table.COLUMNS)
    for row in rows:
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())
        report = house.view.report(row["report"])
        assert row["content"].lstrip("'") in report.text[int(row["begins"]) : int(row["ends"])]
    assert any(row["title"] == "'=A crane, again" for row in rows)


def test_media_review_has_no_release_that_nothing_calls_for(house: House) -> None:
    made = json.loads(written(house, "mediareview"))
    assert made["@graph"] == []
    assert "0 looked at" in made["description"]


def test_filters_and_ids_narrow(house: House) -> None:
    ((denial, report),) = house.view.claims(Query(act="deny"))
    assert [row["claim"] for row in rows(written(house, "csv", query=Query(act="deny")))] == [denial.id]
    assert [row["claim"] for row in rows(written(house, "csv", ids=(denial.id,)))] == [denial.id]
    assert {row["report"] for row in rows(written(house, "csv", ids=(report.id[:14],)))} == {report.id}
    assert [row["claim"] for row in rows(written(house, "csv", query=Query(words="repaired")))] == [denial.id]
    with pytest.raises(UsageError):
        packed(house, ids=(report.id,), query=Query(act="deny"))
    with pytest.raises(NotFoundError):
        packed(house, ids=("claim-ffff0000",))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_story_goes_with_its_reports(house: House) -> None:
    (crane,) = (one for one in house.view.reports() if one.title == "Crane falls at Kest")
    made = packed(house, "stix", ids=(crane.id,))
    assert [piece.report.id for piece in made.pieces()] == [crane.id]
    story = next(iter(parcels.traced(house, (crane.id,)))).story
    text = written(house, "stix", ids=(story,))
    (group,) = (one for one in json.loads(text)["objects"] if one["type"] == "grouping")
    assert {one["id"] for one in json.loads(text)["objects"] if one["type"] == "report"} == set(group["object_refs"])


@pytest.mark.parametrize("form", [*HERE, "site"])
def test_what_is_marked_higher_stays_behind_and_is_counted(house: House, tmp_path: Path, form: str) -> None:
    (hidden,) = (one for one in house.view.reports() if one.outlet == "kest.example")
    marking.mark(house, hidden.id, "amber", "the witness can be told from it", "lead@test")
    made = parcels.export(house, Wanted(form), tmp_path / "out")
    files = [tmp_path / "out"] if (tmp_path / "out").is_file() else list((tmp_path / "out").rglob("*.html"))
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    for words in ("dockers", "Crane falls", "kest.example", hidden.id, "witness"):
        assert words not in text
    assert "1 report is marked TLP:AMBER" in text or form == "mediareview"  # which goes through no report
    if form != "mediareview":
        assert made.counts["reports"] == 2
        assert any("1 report is marked TLP:AMBER" in one for one in made.remarks)
    whole = parcels.export(house, Wanted(form, ceiling="amber+strict"), tmp_path / "whole")
    assert not any("Withheld" in one for one in whole.remarks)


def test_a_named_report_that_is_marked_does_not_tell_its_title(house: House) -> None:
    (hidden,) = (one for one in house.view.reports() if one.outlet == "kest.example")
    marking.mark(house, "KEST.example", "red", "not ours to give", "lead@test")
    for id in (hidden.id, claims(house)[0][0].id):
        made = packed(house, ids=(id,))
        assert list(made.pieces()) == [] or all(piece.report.id != hidden.id for piece in made.pieces())
        assert "Crane" not in made.cover.title or claims(house)[0][1].id != hidden.id


def test_an_export_is_whole_or_not_there_and_custody_tells_of_it(house: House, tmp_path: Path) -> None:
    parcels.export(house, Wanted("csv"), tmp_path / "out.csv")
    with pytest.raises(UsageError, match="is there already"):
        parcels.export(house, Wanted("csv"), tmp_path / "out.csv")
    with pytest.raises(UsageError, match="There is no folder"):
        parcels.export(house, Wanted("csv"), tmp_path / "nowhere" / "out.csv")
    with pytest.raises(NotFoundError):
        parcels.export(house, Wanted("csv", ids=("report-ffff0000",)), tmp_path / "other.csv")
    with pytest.raises(UsageError, match="no export called"):
        parcels.export(house, Wanted("docx"), tmp_path / "other.csv")
    assert sorted(one.name for one in tmp_path.glob("*.csv")) == ["out.csv"]
    assert not list(tmp_path.glob(".out*"))


def test_a_failure_in_the_middle_leaves_nothing(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr("purport.brief.exports.site.Site.save", fail)
    with pytest.raises(OSError, match="no space"):
        parcels.export(house, Wanted("site"), tmp_path / "pages")
    assert not [one for one in tmp_path.iterdir() if "pages" in one.name]


def test_a_library_that_is_missing_is_named_with_its_extra() -> None:
    with pytest.raises(UsageError, match=r"pip install 'purport\[exports\]'"):
        library("no_such_library", "exports")


def test_what_a_person_rejected_is_left_out_and_what_was_judged_is_told(house: House) -> None:
    from dataclasses import replace

    from purport.app import reviewing
    from purport.ledger.reviews import Reviews

    engine = house.view._engine  # type: ignore[attr-defined]
    house = replace(house, reviews=(Reviews(engine, "ona", house.clock.now),))
    (first, *_, last) = [claim for claim, _ in house.view.claims()]
    reviewing.reject(house, first.id, "a headline", who="ona")
    reviewing.confirm(house, last.id, who="ona")
    for form in INSTALLED:
        text = written(house, form)
        if form != "mediareview":
            assert first.id not in text
            assert "1 claim that a person rejected as misread" in text
    assert {row["claim"]: row["reviewed"] for row in rows(written(house, "csv"))}[last.id] == "confirmed"
    asked = rows(written(house, "csv", query=Query(reviewed="rejected")))
    assert [(row["claim"], row["reviewed"]) for row in asked] == [(first.id, "rejected")]
    notes = [one for one in json.loads(written(house, "stix"))["objects"] if one["type"] == "note"]
    assert [one["extensions"][stix.EXTENSION]["reviewed"] for one in notes if last.id in str(one)] == ["confirmed"]
    assert "reviewed: confirmed" in written(house, "annotations")
    assert not HAS_FTM or "reviewed: confirmed" in written(house, "ftm")
    assert "confirmed" in written(house, "prov")


def test_versions_of_a_page_share_its_address_and_nothing_comes_twice(house: House, tmp_path: Path) -> None:
    page = {"url": "https://kest.example/crane", "title": "Crane falls at Kest"}
    (tmp_path / "later.jsonl").write_text(json.dumps(page | {"text": "The union said 15 dockers were hurt."}) + "\n")
    samples.read(house, tmp_path / "later.jsonl")
    assert len({report.id for report in house.view.reports() if report.url == page["url"]}) == 2
    ids = [one["id"] for one in json.loads(written(house, "stix"))["objects"]]
    assert len(ids) == len(set(ids))
    assert sum(id.startswith("url--") for id in ids) == 2

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({name for name, _ in pairs}) == len(pairs)
        return dict(pairs)

    json.loads(written(house, "prov"), object_pairs_hook=once)
