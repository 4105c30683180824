"""The desk's numbers for Prometheus: there for who may look, by routes and not by addresses."""

import dataclasses

import pytest
from litestar.testing import TestClient

from purport.core import journal
from purport.core.people import Person
from purport.desk.app import build
from purport.desk.premises import Premises
from purport.edges.metrics import TYPE, Metrics


def test_numbers_of_the_desk(stocked: Premises):
    metrics = Metrics()
    metrics.gauges(lambda: {"purport_ledger_entries": dict(stocked.house.view.sizes())})
    here = dataclasses.replace(stocked, metrics=(metrics.text,))
    report = stocked.house.view.latest_reports(1)[0][1].id
    with TestClient(build(here), base_url="http://127.0.0.1:8642") as client, journal.listening(metrics):
        assert client.get(f"/report/{report}").status_code == 200
        assert client.get("/nowhere").status_code == 404
        assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 421
        answer = client.get("/metrics")
    assert answer.headers["content-type"] == TYPE
    said = answer.text
    assert 'purport_requests_total{route="/report/{id}",status="200"} 1.0' in said
    assert 'status="404"} 1.0' in said
    assert 'purport_requests_total{route="none",status="421"} 1.0' in said
    assert f'purport_ledger_entries{{kind="reports"}} {stocked.house.view.sizes()["reports"]:.1f}' in said
    assert report not in said


def test_a_desk_without_them_says_what_is_missing(full: TestClient):
    answer = full.get("/metrics")
    assert answer.status_code == 404
    assert "purport[metrics]" in answer.text


def test_who_may_not_look_gets_none(stocked: Premises, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def may(person: Person, role: str) -> bool:
        asked.append(role)
        return False

    monkeypatch.setattr(Person, "may", may)
    here = dataclasses.replace(stocked, metrics=(lambda: b"numbers",))
    with TestClient(build(here), base_url="http://127.0.0.1:8642") as client:
        assert client.get("/metrics").status_code == 403
    assert asked
