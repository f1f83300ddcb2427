"""Tools for a model that works for somebody: it can search, start, read and compute, and decide nothing."""

import os

# The SDK spans every request; nobody else is told of them, whatever exporter is installed beside it.
os.environ.setdefault("OTEL_SDK_DISABLED", "true")
