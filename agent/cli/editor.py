"""Opening a text in the user's editor."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from pathlib import Path

from agent.errors import Prerequisite


def edited(text: str, editor: str) -> str | None:
    """`text` after the user closed the editor; `None` when it was not changed.

    `editor` is a command line, to which the file's path is added. Raises Prerequisite when it cannot be run or fails.
    """
    with tempfile.TemporaryDirectory(prefix="assess-role-") as folder:
        file = Path(folder) / "assessment.yaml"
        file.write_text(text, encoding="utf-8")
        try:
            command = shlex.split(editor)
            if not command:
                raise ValueError("no command is named")
            code = subprocess.run([*command, str(file)], check=False).returncode
        except (OSError, ValueError) as error:
            raise Prerequisite(
                f"The editor {editor!r} cannot be started: {error}.", hint="Set EDITOR to a command."
            ) from error
        if code:
            raise Prerequisite(f"The editor {editor!r} ended with code {code}; nothing was taken over.")
        try:
            after = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Prerequisite(f"What the editor {editor!r} left cannot be read: {error}.") from error
    return None if after == text or not after.strip() else after
