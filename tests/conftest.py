"""Every test starts without a key, an endpoint or settings of the person who runs it, and with telemetry off."""

from __future__ import annotations

import os

OFF = {
    "ANONYMIZED_TELEMETRY": "False",
    "DEEPEVAL_DISABLE_DOTENV": "1",
    "DEEPEVAL_TELEMETRY_OPT_OUT": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "RAGAS_DO_NOT_TRACK": "true",
}
"""Read by the libraries when they are imported, also in the processes that tests start."""

os.environ.update(OFF)
for _name in tuple(os.environ):
    if _name.startswith(("OPENAI_", "ASSESS_ROLE_", "LANGSMITH_API", "LANGCHAIN_API")):
        del os.environ[_name]
