"""Spans by OpenTelemetry, sent by OTLP to whom the user named. Loaded only where somebody is named.

The tracer provider is our own and never the process's: what libraries tell of themselves does not go there. Headers,
certificates, limits, sampling and resource are taken from the standard variables by the SDK itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, entry_points, version
from threading import Thread

from langgraph.errors import GraphBubbleUp
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span as OpenSpan
from opentelemetry.trace import SpanKind, Status, StatusCode

from agent.errors import AssessorError, Prerequisite
from agent.settings import Settings
from agent.workflow.tracing import Attribute, Span

FLUSH_S = 2.0
"""How long the end of a command waits for spans that are not sent yet."""
CANCEL_S = 0.5
"""How long it then waits for an export that was cancelled."""
EXPORTERS = {"grpc": "otlp_proto_grpc", "http/protobuf": "otlp_proto_http"}
"""Protocol of OTLP to the name under which OpenTelemetry's packages register its exporter."""

# Without a handler Python prints what the SDK logs, also with --quiet. The handlers of a host still get it.
logging.getLogger("opentelemetry").addHandler(logging.NullHandler())


class OtelSpan:
    """See `tracing.Span`."""

    def __init__(self, span: OpenSpan) -> None:
        self._span = span

    def note(self, attributes: Mapping[str, Attribute]) -> None:
        """See Span."""
        self._span.set_attributes(attributes)

    def fail(self, kind: str) -> None:
        """See Span."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))


class OtelTracer:
    """See `tracing.Tracer`."""

    def __init__(self, provider: TracerProvider, *, texts: bool = False) -> None:
        self.texts = texts
        self._tracer = provider.get_tracer("assess-role", _version())

    @contextmanager
    def span(self, name: str, attributes: Mapping[str, Attribute], *, client: bool = False) -> Iterator[Span]:
        """See Tracer. A gate that waits for a person has not failed."""
        with self._tracer.start_as_current_span(
            name,
            kind=SpanKind.CLIENT if client else SpanKind.INTERNAL,
            attributes=attributes,
            # The words of an error may quote a model.
            record_exception=False,
            set_status_on_exception=False,
        ) as opened:
            span = OtelSpan(opened)
            try:
                yield span
            except GraphBubbleUp:
                span.note({"assess_role.waits": True})
                raise
            except Exception as error:
                span.fail(error.kind.value if isinstance(error, AssessorError) else type(error).__qualname__)
                raise


class Export:
    """A tracer whose spans are sent in the background, and the end of sending."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is sent yet. Raises Prerequisite when the variables of OpenTelemetry name what is not there."""
        self._sender = _Sender(_exporter(settings.traces_protocol))
        self._provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(self._sender))
        self.tracer = OtelTracer(self._provider, texts=settings.trace_texts)

    def close(self) -> bool:
        """Send what is left, for at most FLUSH_S and CANCEL_S; whether everything arrived."""
        ending = Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(FLUSH_S)
        if ending.is_alive():
            self._sender.cancel()
            ending.join(CANCEL_S)
            return False
        return not self._sender.lost


@contextmanager
def exported(settings: Settings, tell: Callable[[str], None]) -> Iterator[OtelTracer]:
    """A tracer while the block runs. A receiver that is down, slow or gone costs its spans and at most a moment at the
    end; `tell` is told of it. Raises as `Export`."""
    export = Export(settings)
    try:
        yield export.tracer
    finally:
        if not export.close():
            tell(f"not every trace arrived at {settings.traces_to}")


class _Sender(SpanExporter):
    """The exporter with what became of its batches."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner
        self.lost = 0
        """Spans that the receiver did not take."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = SpanExportResult.FAILURE
        try:
            result = self._inner.export(spans)
        finally:
            self.lost += 0 if result is SpanExportResult.SUCCESS else len(spans)
        return result

    def shutdown(self) -> None:
        self._inner.shutdown()

    def cancel(self) -> None:
        """End an export that hangs, as far as its protocol can."""
        Thread(target=self._inner.shutdown, daemon=True).start()


def _exporter(protocol: str) -> SpanExporter:
    name = EXPORTERS.get(protocol)
    if name is None:
        raise Prerequisite(
            f"OTEL_EXPORTER_OTLP_PROTOCOL is {protocol!r}, expected {' or '.join(EXPORTERS)}.",
            hint="Traces are sent by these two; OTEL_SDK_DISABLED=true sends none.",
        )
    found = list(entry_points(group="opentelemetry_traces_exporter", name=name))
    if not found:
        raise Prerequisite(
            f"Sending traces by {protocol} takes a library that is not installed here.",
            hint="Install it: pip install 'assess-role[otel]', or pip install '.[otel]' in a checkout.",
        )
    try:
        exporter: SpanExporter = found[0].load()()
    except Exception as error:
        raise Prerequisite(
            f"Traces cannot be sent: {type(error).__name__}: {error}.",
            hint="Check the variables that begin with OTEL_EXPORTER_OTLP_.",
        ) from error
    return exporter


def _resource() -> Resource:
    """What sends: this program, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES say otherwise."""
    own = Resource({SERVICE_NAME: "assess-role", SERVICE_VERSION: _version()})
    return Resource.create().merge(own).merge(OTELResourceDetector().detect())


def _version() -> str:
    try:
        return version("assess-role")
    except PackageNotFoundError:
        return "checkout"
