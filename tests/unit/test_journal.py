"""What the house tells of its work: to nobody, to a log, as numbers, as spans; by ids, never by a report's words."""

import io
import json
import logging
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import prometheus_client.parser
import pytest
from custody_samples import vault
from desk_samples import DENIAL, Desk, desk
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from purport.core import journal
from purport.core.journal import Facts, Step
from purport.edges.logs import Logs
from purport.edges.metrics import Metrics
from purport.edges.traces import Traces
from purport.wiring import Config
from purport.wiring.operations import open_metrics

__all__ = ["desk"]


class Kept:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Facts]] = []

    def heard(self, event: str, facts: Facts) -> None:
        self.told.append((event, facts))

    def begun(self, step: str, facts: Facts) -> Step:
        return lambda found: self.told.append((step, found))


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_nobody_listens_by_default():
    with journal.step("read") as found:
        journal.tell("report", report="report-1")
    assert found == {}


def test_what_is_told_inside_is_about_these():
    kept = Kept()
    with journal.listening(kept), journal.about(run="1"):
        with journal.about(source="Sarn Radio"):
            journal.tell("visit", outcome="new")
        journal.tell("report")
    journal.tell("nobody hears it")
    assert kept.told == [("visit", {"run": "1", "source": "Sarn Radio", "outcome": "new"}), ("report", {"run": "1"})]


def test_a_step_tells_how_long_it_took_what_it_found_and_how_it_failed():
    kept = Kept()
    with journal.listening(kept):
        with journal.step("append", deed="read") as found:
            found["rows"] = 3
        with pytest.raises(ValueError, match="no"), journal.step("read"):
            raise ValueError("no")
    (_, first), (_, second) = kept.told
    assert (first["deed"], first["rows"]) == ("read", 3)
    assert float(str(first["seconds"])) >= 0
    assert second["error"] == "ValueError"


def test_adding_to_a_ledger_is_told(tmp_path: Path):
    kept, at = Kept(), vault(tmp_path)
    with journal.listening(kept):
        at.writer.add(what="read")
    (one,) = kept.told
    assert one[0] == "append"
    assert (one[1]["deed"], one[1]["rows"]) == ("read", 0)


def test_lines_of_json():
    stream = io.StringIO()
    with journal.listening(Logs("json", stream)), journal.about(run="1"):
        journal.tell("report", report="report-1", claims=2)
        with journal.step("append"):
            pass
        logging.getLogger("some.library").warning("it is %s", "late")
    first, second, third = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["report"], first["claims"], first["run"]) == ("report", "report-1", 2, "1")
    assert first["at"].endswith("Z")
    assert second["event"] == "append"
    assert (third["event"], third["level"], third["logger"]) == ("it is late", "warning", "some.library")


def test_lines_for_people():
    stream = io.StringIO()
    with journal.listening(Logs("text", stream)), pytest.raises(ValueError, match="no"), journal.step("read"):
        raise ValueError("no")
    (line,) = stream.getvalue().splitlines()
    assert "read" in line
    assert "error=ValueError" in line


def test_numbers_for_prometheus():
    metrics = Metrics()
    metrics.gauges(lambda: {"purport_disk_free_bytes": {"ledger": 5.0}})
    with journal.listening(metrics):
        journal.tell("report", report="report-1", claims=2)
        journal.tell("gap", cause="empty")
        journal.tell("visit", outcome="new")
        journal.tell("delivery", outcome="sent")
        journal.tell("retry", of="ConnectError")
        with journal.step("append", deed="read") as found:
            found["rows"] = 3
        with journal.step("request") as found:
            found |= {"route": "/report/{id}", "status": 200}
        with pytest.raises(ValueError, match="no"), journal.step("read"):
            raise ValueError("no")
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in prometheus_client.parser.text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
    }
    assert found["purport_reports_total",] == 1
    assert found["purport_claims_total",] == 2
    assert found["purport_gaps_total", "empty"] == 1
    assert found["purport_visits_total", "new"] == 1
    assert found["purport_deliveries_total", "sent"] == 1
    assert found["purport_retries_total", "ConnectError"] == 1
    assert found["purport_rows_total", "read"] == 3
    assert found["purport_requests_total", "/report/{id}", "200"] == 1
    assert found["purport_step_failures_total", "read"] == 1
    assert found["purport_step_seconds_count", "append"] == 1
    assert found["purport_disk_free_bytes", "ledger"] == 5.0


def test_how_large_things_are_when_asked(tmp_path: Path):
    ledger = tmp_path / "purport.db"
    vault(tmp_path)
    with open_metrics(Config(ledger=f"sqlite:///{ledger}"), lambda: {"reports": 4}) as (metrics,):
        said = metrics.text().decode()
    assert 'purport_ledger_entries{kind="reports"} 4.0' in said
    assert f'purport_ledger_bytes{{file="ledger"}} {ledger.stat().st_size:.1f}' in said
    assert 'purport_disk_free_bytes{place="ledger"}' in said


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_numbers_on_a_port_of_this_machine():
    metrics = Metrics()
    server, thread = metrics.serve(0)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/metrics") as answer:
            assert b"purport_reports_total 0.0" in answer.read()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_spans_stand_in_each_other():
    exporter = InMemorySpanExporter()
    with closing(Traces(exporter, "1")) as traces, journal.listening(traces), journal.step("run", command="read"):
        with journal.step("append") as found:
            journal.tell("report", report="report-1")
            found["rows"] = 3
        with pytest.raises(ValueError, match="no"), journal.step("read"):
            raise ValueError("no")
    inner, failed, outer = exporter.get_finished_spans()
    assert [span.name for span in (inner, failed, outer)] == ["append", "read", "run"]
    assert inner.parent is not None
    assert outer.context is not None
    assert inner.parent.span_id == outer.context.span_id
    assert inner.attributes is not None
    assert inner.attributes["rows"] == 3
    assert inner.events[0].name == "report"
    assert failed.status.description == "ValueError"


def test_a_command_tells_its_run_and_no_words_of_reports(desk: Desk):
    desk.put("a.txt", DENIAL)
    said = [json.loads(line) for line in desk.run("--log-json", "read", "a.txt").stderr.splitlines()]
    assert [one["event"] for one in said] == ["read", "append", "report", "run"]
    assert len({one["run"] for one in said}) == 1
    assert said[2]["claims"] == 4
    assert said[3]["command"] == "read"
    assert not any(word in json.dumps(said) for word in ("ministry", "bridge", "Ostrel"))


def test_a_failure_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PURPORT_LOG", "json")
    said = [line for line in desk.run("show", "claim-ffff", code=7).stderr.splitlines() if line.startswith("{")]
    assert json.loads(said[0])["code"] == 7
    monkeypatch.setenv("PURPORT_LOG", "loud")
    assert "one of off, text, json" in desk.run("gaps", code=2).stderr
