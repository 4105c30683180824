"""The journal as OpenTelemetry spans: a span a step, its facts as attributes; events go to the span they happen in.

Off unless an address is named. Facts are ids, names and addresses of sources; the collector is your own.
"""

from purport.core.errors import UsageError
from purport.core.journal import Facts, Step

try:
    from opentelemetry import context, trace
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
except ImportError as missing:
    raise UsageError('Traces need packages that are not installed: pip install "purport[traces]".') from missing


class Traces:
    """`core.journal.Listener` that hands spans to an exporter."""

    def __init__(self, exporter: SpanExporter, version: str) -> None:
        resource = Resource.create({"service.name": "purport", "service.version": version})
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("purport")

    def heard(self, event: str, facts: Facts) -> None:
        trace.get_current_span().add_event(event, dict(facts))

    def begun(self, step: str, facts: Facts) -> Step:
        span = self._tracer.start_span(step, attributes=dict(facts))
        token = context.attach(trace.set_span_in_context(span))

        def ended(found: Facts) -> None:
            span.set_attributes(dict(found))
            if "error" in found:
                span.set_status(trace.Status(trace.StatusCode.ERROR, str(found["error"])))
            context.detach(token)
            span.end()

        return ended

    def close(self) -> None:
        """Hand over what is left."""
        self._provider.shutdown()


def to_collector(address: str, version: str) -> Traces:
    """Spans to a collector that takes OTLP over HTTP, as at http://127.0.0.1:4318."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError as missing:
        raise UsageError('Traces need packages that are not installed: pip install "purport[traces]".') from missing
    return Traces(OTLPSpanExporter(endpoint=address.rstrip("/") + "/v1/traces"), version)
