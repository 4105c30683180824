"""The journal as numbers that Prometheus collects, and how large and how full things are when it asks.

Names of metrics: docs/operations.md. Labels are few and from fixed sets: never an id, an address or a name.
"""

from collections.abc import Callable, Iterable, Mapping
from threading import Thread
from typing import TypeAlias
from wsgiref.simple_server import WSGIServer

from purport.core.errors import UsageError
from purport.core.journal import Facts, Step

try:
    import prometheus_client
    from prometheus_client import CollectorRegistry, Counter, Histogram
    from prometheus_client.core import GaugeMetricFamily, Metric
except ImportError as missing:
    raise UsageError('Metrics need a package that is not installed: pip install "purport[metrics]".') from missing

Sizes: TypeAlias = Callable[[], Mapping[str, Mapping[str, float]]]  # gauge > label's value > number

TYPE = prometheus_client.CONTENT_TYPE_LATEST
_GAUGES = {  # name: what it says, its label
    "purport_ledger_entries": ("Entries in the ledger.", "kind"),
    "purport_ledger_bytes": ("Size of the ledger's files.", "file"),
    "purport_disk_free_bytes": ("Room left where the ledger is.", "place"),
}
_SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    """`core.journal.Listener` that counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        prometheus_client.ProcessCollector(registry=self.registry)
        at = self.registry
        self._reports = Counter("purport_reports", "Reports taken in.", registry=at)
        self._claims = Counter("purport_claims", "Claims read.", registry=at)
        self._rows = Counter("purport_rows", "Rows added to the ledger.", ["deed"], registry=at)
        self._gaps = Counter("purport_gaps", "Gaps met.", ["cause"], registry=at)
        self._visits = Counter("purport_visits", "Looks at sources and items.", ["outcome"], registry=at)
        self._deliveries = Counter("purport_deliveries", "Alerts told.", ["outcome"], registry=at)
        self._retries = Counter("purport_retries", "Calls made again.", ["of"], registry=at)
        self._requests = Counter("purport_requests", "Requests to the desk.", ["route", "status"], registry=at)
        self._steps = Histogram("purport_step_seconds", "How long steps took.", ["step"], buckets=_SECONDS, registry=at)
        self._failed = Counter("purport_step_failures", "Steps that failed.", ["step"], registry=at)

    def heard(self, event: str, facts: Facts) -> None:
        match event:
            case "report":
                self._reports.inc()
                self._claims.inc(float(str(facts.get("claims", 0))))
            case "gap":
                self._gaps.labels(str(facts.get("cause", ""))).inc()
            case "visit":
                self._visits.labels(str(facts.get("outcome", ""))).inc()
            case "delivery":
                self._deliveries.labels(str(facts.get("outcome", ""))).inc()
            case "retry":
                self._retries.labels(str(facts.get("of", ""))).inc()

    def begun(self, step: str, facts: Facts) -> Step:
        def ended(found: Facts) -> None:
            self._steps.labels(step).observe(float(str(found["seconds"])))
            if "error" in found:
                self._failed.labels(step).inc()
            if step == "append":
                self._rows.labels(str(found.get("deed", ""))).inc(float(str(found.get("rows", 0))))
            if step == "request":
                self._requests.labels(str(found.get("route", "")), str(found.get("status", ""))).inc()

        return ended

    def gauges(self, sizes: Sizes) -> None:
        """Tell these sizes, too, each time when somebody asks."""
        self.registry.register(_Gauges(sizes))

    def text(self) -> bytes:
        """All of it as Prometheus reads it."""
        return prometheus_client.generate_latest(self.registry)

    def serve(self, port: int) -> tuple[WSGIServer, Thread]:
        """Answer on a port of this machine, to this machine alone, until the program ends. Raises UsageError."""
        try:
            return prometheus_client.start_http_server(port, "127.0.0.1", self.registry)
        except OSError as error:
            raise UsageError(f"Port {port} can't be had ({error.strerror}). Give another one: --metrics.") from error


class _Gauges(prometheus_client.registry.Collector):
    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes

    def describe(self) -> Iterable[Metric]:
        return ()  # or they would be asked once already when they are registered

    def collect(self) -> Iterable[Metric]:
        for name, values in self._sizes().items():
            said, label = _GAUGES[name]
            family = GaugeMetricFamily(name, said, labels=[label])
            for value, number in values.items():
                family.add_metric([value], number)
            yield family
