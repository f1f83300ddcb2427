"""A receiver of traces on loopback that speaks OTLP by gRPC, and two that take nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)


@dataclass
class Receiver(TraceServiceServicer):
    """Keeps what it is sent."""

    url: str = ""
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def Export(self, request, context):  # type: ignore[no-untyped-def]  # noqa: N802
        self.requests.append(request)
        self.headers |= dict(context.invocation_metadata())
        return ExportTraceServiceResponse()

    @property
    def names(self) -> list[str]:
        return [s.name for r in self.requests for rs in r.resource_spans for ss in rs.scope_spans for s in ss.spans]

    @property
    def scopes(self) -> set[str]:
        return {ss.scope.name for r in self.requests for rs in r.resource_spans for ss in rs.scope_spans}

    @property
    def resource(self) -> dict[str, str]:
        return {
            one.key: one.value.string_value
            for r in self.requests
            for rs in r.resource_spans
            for one in rs.resource.attributes
        }


@contextmanager
def a_receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    server = grpc.server(ThreadPoolExecutor(1))
    add_TraceServiceServicer_to_server(receiver, server)
    receiver.url = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield receiver
    finally:
        server.stop(None).wait()


@contextmanager
def a_deaf_address(*, listening: bool) -> Iterator[str]:
    """Where nobody takes connections, or where they are taken and nothing ever answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if listening:
            taken.listen(8)
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
