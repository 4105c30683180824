"""The desk as JSON: the shapes, that lists go on, that errors are JSON, and that the schema tells of all of it."""

from litestar.testing import TestClient

from purport.core.lines import line
from purport.core.records import Query
from purport.desk.premises import Premises


def test_a_claim_has_the_shape_of_the_command_line(full: TestClient, stocked: Premises) -> None:
    found = full.get("/api/claims?act=deny&outlet=kest.example").json()
    ((_, claim, report),) = stocked.house.view.latest_claims(Query(act="deny", outlet="kest.example"), 1)
    assert [one["claim"] for one in found["claims"]] == [claim.id]
    assert found["claims"][0].keys() == line(claim, report).keys()
    assert found["next"] == "" and found["searched"]["claims"] == stocked.house.view.counts()["claims"]
    assert full.get(f"/api/claim/{claim.id}").json() == found["claims"][0]


def test_lists_go_on(full: TestClient, stocked: Premises) -> None:
    claims, after = list[str](), ""
    while True:
        some = full.get("/api/claims", params={"limit": 30, "after": after}).json()
        claims += [one["claim"] for one in some["claims"]]
        if not (after := some["next"]):
            break
    assert len(claims) == len(set(claims)) == stocked.house.view.counts()["claims"]
    for name, key in (("reports", "reports"), ("gaps", "gaps"), ("custody", "entries")):
        number, count = 0, 0
        while True:
            some = full.get(f"/api/{name}", params={"limit": 2, "before": number}).json()
            count += len(some[key])
            if not (number := some["next"]):
                break
        whole = full.get(f"/api/{name}", params={"limit": 200}).json()
        assert count == len(whole[key]) > 2 and whole["next"] == 0, name


def test_a_report_comes_with_its_capture_and_claims(full: TestClient, stocked: Premises) -> None:
    ((_, report, capture),) = stocked.house.view.latest_reports(1)
    found = full.get(f"/api/report/{report.id}").json()
    assert found["report"]["text"] == report.text and found["capture"]["digest"] == capture.digest


def test_errors_are_json(full: TestClient) -> None:
    for path, status, said in (
        ("/api/report/report-0000ffff", 404, "No report has an id"),
        ("/api/claims?since=soon", 400, "is not a day"),
        ("/api/claims?limit=0", 400, "limit"),
        ("/api/nothing", 404, "nothing at this address"),
    ):
        answer = full.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
        assert said in answer.json()["error"]


def test_the_schema_tells_of_every_address_and_of_no_page(full: TestClient) -> None:
    schema = full.get("/api/schema").json()
    told = set(schema["paths"])
    assert {"/api/claims", "/api/claim/{id}", "/api/reports", "/api/report/{id}", "/api/gaps", "/api/custody"} <= told
    assert all(path.startswith("/api/") for path in told)
    for path, one in schema["paths"].items():
        assert {"400", "404", "503"} <= one["get"]["responses"].keys(), path
        assert one["get"]["description"], path
    named = {one["name"] for one in schema["paths"]["/api/claims"]["get"]["parameters"]}
    assert named == {"words", "act", "stance", "kind", "outlet", "since", "until", "reviewed", "after", "limit"}


def test_what_is_beside_a_report_comes_too(full: TestClient, stocked: Premises) -> None:
    again = next(one for _, one, _ in stocked.house.view.latest_reports(20) if one.title == "A crane, again")
    (copy, *_) = full.get(f"/api/report/{again.id}/copies").json()["copies"]
    assert again.id in (copy["a"], copy["b"])
    edited = next(one for _, one, _ in stocked.house.view.latest_reports(20) if one.title == "Crane falls at Kest")
    found = full.get(f"/api/report/{edited.id}/edits").json()
    assert found["url"] == edited.url
    assert any("14" in one["said"] for one in found["edits"])


def test_what_is_not_there_yet_names_its_mend(full: TestClient) -> None:
    assert full.get("/api/marks").json() == []
    for path in ("/api/release/release-0000ffff/words", "/api/release/release-0000ffff/reuse"):
        assert full.get(path).status_code == 404
