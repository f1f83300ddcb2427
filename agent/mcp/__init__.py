"""Tools for a model that works for somebody: it can search, start, read and compute, and decide nothing."""

import os

# The SDK spans every request; nobody else is told of them, whatever exporter is installed beside it. Where a receiver
# of traces is named, its spans go nowhere still; those of a run have a provider of their own, which this would end too.
if not (os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")):
    os.environ.setdefault("OTEL_SDK_DISABLED", "true")
