"""Every table, in SQLAlchemy Core. Portable: anything that only SQLite knows is in `agent.store.sqlite`.

Times are ISO 8601 UTC strings with seconds (`2026-02-25T10:00:00Z`); documents are canonical JSON text. Rows of the
review record (`revisions`, `decisions`, `publications`, `withdrawals`, `occupation_choices`, `audit`) are only ever
inserted, or completed once.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("content_hash", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("author", Text),
    Column("date", String(10), nullable=False),
    Column("url", Text, nullable=False),
    Column("tier", Integer, nullable=False),
    Column("interested", Boolean, nullable=False),
    Column("retrieved", String(10), nullable=False),
    Column("text_kind", String(10), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("added_at", String(20), nullable=False),
    Column("licence", Text),
    Column("tags", Text, nullable=False, server_default="[]"),
    Column("assumed", Text, nullable=False, server_default="[]"),
    Column("work", String(20), nullable=False, server_default=""),
    Column("edited", Text, nullable=False, server_default="{}"),
    Column("signature", LargeBinary),
)

article_versions = Table(
    "article_versions",
    metadata,
    Column("article", String(20), primary_key=True),
    Column("content_hash", String(80), primary_key=True),
    Column("meta", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("pages", Text, nullable=False),
    Column("added_at", String(20), nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("article", String(20), ForeignKey("articles.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("text_hash", String(80), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("suspicious", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", String(80), nullable=False, server_default=""),
    Column("page", Integer),
    Column("heading", Text, nullable=False, server_default=""),
)

vectors = Table(
    "vectors",
    metadata,
    Column("passage", String(20), ForeignKey("passages.id"), primary_key=True),
    Column("embedding", String(200), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("segment", String(60), index=True),
)

segments = Table(
    "segments",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("embedding", String(200), nullable=False),
    Column("place", Text, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("built_at", String(20), nullable=False),
)

query_vectors = Table(
    "query_vectors",
    metadata,
    Column("serial", Integer, primary_key=True, autoincrement=True),
    Column("embedding", String(200), nullable=False),
    Column("text_hash", String(80), nullable=False),
    Column("vector", LargeBinary, nullable=False),
    UniqueConstraint("embedding", "text_hash"),
)

read_files = Table(
    "read_files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("reader", String(80), nullable=False),
    Column("articles", Text, nullable=False),
    Column("skipped", Text, nullable=False),
    Column("read_at", String(20), nullable=False),
)

corpus_facts = Table(
    "corpus_facts",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)

assessments = Table(
    "assessments",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("role", Text, nullable=False),
    Column("seniority", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("graph_version", String(20), nullable=False),
    Column("request", Text, nullable=False),
    Column("outcome", Text),
    Column("created_at", String(20), nullable=False),
    Column("updated_at", String(20), nullable=False),
    Column("requested_by", Text),
    Index("ix_assessments_status_updated_at", "status", "updated_at"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("assessment", String(60), ForeignKey("assessments.id"), primary_key=True),
    Column("part", String(20), primary_key=True),
    Column("serial", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("created_at", String(20), nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("assessment", String(60), ForeignKey("assessments.id"), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("prompt", String(60), nullable=False),
    Column("document", Text, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("created_at", String(20), nullable=False),
)

spendings = Table(
    "spendings",
    metadata,
    Column("serial", Integer, primary_key=True, autoincrement=True),
    Column("assessment", String(60), ForeignKey("assessments.id"), nullable=False, index=True),
    Column("prompt", String(60), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("at", String(20), nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("assessment", String(60), ForeignKey("assessments.id"), primary_key=True),
    Column("hash", String(80), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("gate", String(20), nullable=False),
    Column("origin", String(20), nullable=False),
    Column("parent", String(80)),
    Column("document", Text, nullable=False),
    Column("created_at", String(20), nullable=False),
    UniqueConstraint("assessment", "number"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("assessment", String(60), ForeignKey("assessments.id"), nullable=False, index=True),
    Column("gate", String(20), nullable=False),
    Column("revision", String(80), nullable=False),
    Column("status", String(20), nullable=False),
    Column("score", String(10)),
    Column("zone", String(10)),
    Column("label", String(40)),
    Column("block", Integer, nullable=False),
    Column("review", Integer, nullable=False),
    Column("opened_at", String(20), nullable=False),
    Column("claimed_by", Text),
    Column("risk", Text),
    Index("ix_reviews_status_opened_at", "status", "opened_at"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("review", String(120), ForeignKey("reviews.id"), nullable=False, unique=True),
    Column("assessment", String(60), ForeignKey("assessments.id"), nullable=False, index=True),
    Column("gate", String(20), nullable=False),
    Column("revision", String(80), nullable=False),
    Column("action", String(20), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("auth", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("reason", Text),
    Column("document", Text),
    Column("decided_at", String(20), nullable=False),
)

publications = Table(
    "publications",
    metadata,
    Column("assessment", String(60), ForeignKey("assessments.id"), primary_key=True),
    Column("revision", String(80), primary_key=True),
    Column("slug", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("seniority", Text, nullable=False),
    Column("score", String(10), nullable=False),
    Column("zone", String(10), nullable=False),
    Column("label", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("path", Text, nullable=False),
    Column("published_at", String(20), nullable=False),
    UniqueConstraint("slug", "version"),
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("assessment", String(60), primary_key=True),
    Column("revision", String(80), primary_key=True),
    Column("reviewer", Text, nullable=False),
    Column("auth", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("withdrawn_at", String(20), nullable=False),
    ForeignKeyConstraint(["assessment", "revision"], ["publications.assessment", "publications.revision"]),
)

occupations = Table(
    "occupations",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
)

official_tasks = Table(
    "official_tasks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("occupation", String(12), ForeignKey("occupations.code"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("kind", String(40)),
    Column("importance", Float),
    Column("relevance", Float),
)

official_names = Table(
    "official_names",
    metadata,
    Column("serial", Integer, primary_key=True, autoincrement=True),
    Column("occupation", String(12), ForeignKey("occupations.code"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("words", Text, nullable=False),
)

occupation_releases = Table(
    "occupation_releases",
    metadata,
    Column("source", String(20), primary_key=True),
    Column("version", String(20)),
    Column("imported_at", String(20), nullable=False),
    Column("occupations", Integer, nullable=False),
    Column("tasks", Integer, nullable=False),
    Column("rated", Integer, nullable=False),
    Column("names", Integer, nullable=False),
)

occupation_choices = Table(
    "occupation_choices",
    metadata,
    Column("serial", Integer, primary_key=True, autoincrement=True),
    Column("role", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("codes", Text, nullable=False),
    Column("release", String(40), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("auth", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("decided_at", String(20), nullable=False),
)

task_mappings = Table(
    "task_mappings",
    metadata,
    Column("first", String(80), primary_key=True),
    Column("second", String(80), primary_key=True),
    Column("document", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("auth", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("confirmed_at", String(20), nullable=False),
)

reviewers = Table(
    "reviewers",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("password", Text),
    Column("subject", Text, unique=True),
    Column("created_at", String(20), nullable=False),
    Column("disabled_at", String(20)),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(80), primary_key=True),
    Column("reviewer", String(100), ForeignKey("reviewers.name"), nullable=False),
    Column("auth", String(40), nullable=False),
    Column("csrf", String(80), nullable=False),
    Column("created_at", String(20), nullable=False),
    Column("seen_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("digest", String(80), nullable=False, unique=True),
    Column("reviewer", String(100), ForeignKey("reviewers.name"), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
    Column("revoked_at", String(20)),
)

logins = Table(
    "logins",
    metadata,
    Column("serial", Integer, primary_key=True, autoincrement=True),
    Column("who", String(100), nullable=False, index=True),
    Column("at", String(20), nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("review", String(120), ForeignKey("reviews.id"), primary_key=True),
    Column("holder", String(100), nullable=False),
    Column("auth", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("taken_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("review", String(120), ForeignKey("reviews.id"), primary_key=True),
    Column("reviewer", String(100), primary_key=True),
    Column("revision", String(80), nullable=False),
    Column("auth", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("approved_at", String(20), nullable=False),
)

comments = Table(
    "comments",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("assessment", String(60), ForeignKey("assessments.id"), nullable=False, index=True),
    Column("revision", String(80), nullable=False),
    Column("place", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("author", String(100), nullable=False),
    Column("auth", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", String(20), nullable=False),
    Column("resolved_by", String(100)),
    Column("resolved_at", String(20)),
)

attention = Table(
    "attention",
    metadata,
    Column("serial", Integer, primary_key=True, autoincrement=True),
    Column("review", String(120), ForeignKey("reviews.id"), nullable=False),
    Column("reviewer", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("place", Text, nullable=False),
    Column("at", String(20), nullable=False),
    UniqueConstraint("review", "reviewer", "kind", "place"),
)

controls = Table(
    "controls",
    metadata,
    Column("assessment", String(60), ForeignKey("assessments.id"), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("place", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("planted_by", String(100), nullable=False),
    Column("planted_at", String(20), nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("address", Text, primary_key=True),
    Column("last_serial", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", String(20), nullable=False),
    Column("last_error", Text),
)

audit = Table(
    "audit",
    metadata,
    Column("serial", Integer, primary_key=True, autoincrement=True),
    Column("at", String(20), nullable=False),
    Column("actor", Text, nullable=False),
    Column("event", String(40), nullable=False),
    Column("assessment", String(60), index=True),
    Column("revision", String(80)),
    Column("detail", Text, nullable=False),
    Column("previous", String(80), nullable=False, server_default=""),
    Column("hash", String(80), nullable=False, server_default=""),
)
