"""DeepEval and RAGAS without telemetry, `.env` files, litter or keys: what has to be set before they are imported."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

QUIET = {
    "DEEPEVAL_TELEMETRY_OPT_OUT": "1",
    "DEEPEVAL_DISABLE_DOTENV": "1",
    "DEEPEVAL_FILE_SYSTEM": "READ_ONLY",
    "DEEPEVAL_NO_INSPECT_PROMPT": "1",
    "DEEPEVAL_DISABLE_TIMEOUTS": "1",
    "ERROR_REPORTING": "NO",
    # Only this word counts; "1" is ignored.
    "RAGAS_DO_NOT_TRACK": "true",
    "GIT_PYTHON_REFRESH": "quiet",
    "TOKENIZERS_PARALLELISM": "false",
}
UNSET = ("DEEPEVAL_EVAL_MODE", "CONFIDENT_API_KEY", "__RAGAS_DEBUG_TRACKING")


@contextmanager
def quiet(environment: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    """For as long as it lasts, what the frameworks write goes to a folder that is then removed.

    Keys are taken away too: a metric that was given no judge fails instead of calling one. `QUIET` stays set for the
    rest of the process, because DeepEval reports on the session when Python exits.
    """
    before = dict(environment) | QUIET
    with tempfile.TemporaryDirectory(prefix="evals-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in [name for name in environment if name in UNSET or name.endswith("_API_KEY")]:
            del environment[name]
        home = Path(folder)
        environment.update(QUIET, HOME=str(home), XDG_DATA_HOME=str(home / "data"), XDG_CACHE_HOME=str(home / "cache"))
        try:
            # It says on stdout, which is for data, that it writes no files.
            with redirect_stdout(StringIO()):
                import deepeval.metrics  # noqa: F401
            yield
        finally:
            environment.clear()
            environment.update(before)
