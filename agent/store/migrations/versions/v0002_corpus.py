"""Articles keep every version of their text; the index is a set of segments; files read and query vectors are kept."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_META = (
    "title", "publisher", "author", "date", "url", "tier", "interested", "retrieved", "text_kind",
)  # fmt: skip


def upgrade() -> None:
    """Move the texts into versions, and make every passage belong to the version it was cut from."""
    op.create_table(
        "article_versions",
        sa.Column("article", sa.String(20), nullable=False),
        sa.Column("content_hash", sa.String(80), nullable=False),
        sa.Column("meta", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("pages", sa.Text, nullable=False),
        sa.Column("added_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("article", "content_hash", name="pk_article_versions"),
    )
    _move_texts(op.get_bind())
    op.drop_column("articles", "text")
    op.add_column("articles", sa.Column("licence", sa.Text))
    op.add_column("articles", sa.Column("tags", sa.Text, nullable=False, server_default="[]"))
    op.add_column("articles", sa.Column("assumed", sa.Text, nullable=False, server_default="[]"))
    op.add_column("articles", sa.Column("work", sa.String(20), nullable=False, server_default=""))
    op.add_column("articles", sa.Column("edited", sa.Text, nullable=False, server_default="{}"))
    op.add_column("articles", sa.Column("signature", sa.LargeBinary))
    op.add_column("passages", sa.Column("version", sa.String(80), nullable=False, server_default=""))
    op.add_column("passages", sa.Column("page", sa.Integer))
    op.add_column("passages", sa.Column("heading", sa.Text, nullable=False, server_default=""))
    # What no longer stands in its article's text was cut from a version that the first schema did not keep.
    op.execute(
        "UPDATE passages SET version = COALESCE((SELECT content_hash FROM article_versions AS v"
        " WHERE v.article = passages.article"
        ' AND substr(v.text, passages."start" + 1, passages."end" - passages."start") = passages.text), \'\')'
    )
    _record_digest(op.get_bind())
    op.add_column("vectors", sa.Column("segment", sa.String(60)))
    op.create_index("ix_vectors_segment", "vectors", ["segment"])
    _create_tables()


def _record_digest(connection: sa.Connection) -> None:
    """The digest as this version computes it, where one was recorded."""
    rows = connection.execute(
        sa.text(
            "SELECT a.id, a.content_hash, COUNT(p.id) AS parts FROM articles AS a"
            " LEFT JOIN passages AS p ON p.article = a.id AND p.active"
            " WHERE a.active GROUP BY a.id, a.content_hash ORDER BY a.id"
        )
    )
    digest = hashlib.sha256()
    for article, content, parts in rows:
        digest.update(f"{article} {content} {article} {parts}\n".encode())
    connection.execute(
        sa.text("UPDATE corpus_facts SET value = :digest WHERE name = 'digest'"),
        {"digest": "sha256:" + digest.hexdigest()},
    )


def _create_tables() -> None:
    op.create_table(
        "segments",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("embedding", sa.String(200), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("built_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_segments"),
    )
    op.create_table(
        "query_vectors",
        sa.Column("serial", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("embedding", sa.String(200), nullable=False),
        sa.Column("text_hash", sa.String(80), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("serial", name="pk_query_vectors"),
        sa.UniqueConstraint("embedding", "text_hash", name="uq_query_vectors_embedding_text_hash"),
    )
    op.create_table(
        "read_files",
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("reader", sa.String(80), nullable=False),
        sa.Column("articles", sa.Text, nullable=False),
        sa.Column("skipped", sa.Text, nullable=False),
        sa.Column("read_at", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_read_files"),
    )


def _move_texts(connection: sa.Connection) -> None:
    articles = sa.table("articles", *(sa.column(name) for name in ("id", "content_hash", "text", "added_at", *_META)))
    versions = sa.table(
        "article_versions",
        *(sa.column(name) for name in ("article", "content_hash", "meta", "text", "pages", "added_at")),
    )
    for row in connection.execute(sa.select(articles)).mappings().all():
        meta = {name: bool(row[name]) if name == "interested" else row[name] for name in _META}
        connection.execute(
            sa.insert(versions).values(
                article=row["id"],
                content_hash=row["content_hash"],
                meta=json.dumps(meta),
                text=row["text"],
                pages="[]",
                added_at=row["added_at"],
            )
        )
