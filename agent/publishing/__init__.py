"""An approved revision to files: JSON, Markdown and a self-contained page."""

from agent.publishing.files import bytes_hash, file_hashes, publish_files, write_publication
from agent.publishing.page import json_schema, render_html, render_json, render_markdown

__all__ = [
    "bytes_hash",
    "file_hashes",
    "json_schema",
    "publish_files",
    "render_html",
    "render_json",
    "render_markdown",
    "write_publication",
]
