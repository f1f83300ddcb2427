"""The only reader of environment and config file. Read at the edges, handed down as a value.

A setting is taken from the command line, else from the environment, else from `config.toml` in the home folder, else
from its default. Keys are read from the environment only, so that no file of ours ever holds one.
"""

from __future__ import annotations

import getpass
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator

from agent.errors import InvalidInput, Prerequisite, StorageFailed
from agent.schemas.base import Value

DEFAULT_MODEL = "gpt-5-mini"
"""Asked for when only OPENAI_API_KEY is set."""

ENVIRONMENT = {
    "home": "ASSESS_ROLE_HOME",
    "publish_dir": "ASSESS_ROLE_PUBLISH_DIR",
    "reviewer": "ASSESS_ROLE_REVIEWER",
    "editor": "EDITOR",
    "api_key": "OPENAI_API_KEY",
    "base_url": "OPENAI_BASE_URL",
    "model": "ASSESS_ROLE_MODEL",
    "timeout_s": "ASSESS_ROLE_TIMEOUT_S",
    "max_output_tokens": "ASSESS_ROLE_MAX_OUTPUT_TOKENS",
    "max_concurrency": "ASSESS_ROLE_MAX_CONCURRENCY",
    "embedding_model": "ASSESS_ROLE_EMBEDDING_MODEL",
    "embedding_base_url": "ASSESS_ROLE_EMBEDDING_BASE_URL",
    "chroma_url": "ASSESS_ROLE_CHROMA_URL",
    "rerank_base_url": "ASSESS_ROLE_RERANK_BASE_URL",
    "rerank_model": "ASSESS_ROLE_RERANK_MODEL",
    "token": "ASSESS_ROLE_TOKEN",
    "four_eyes": "ASSESS_ROLE_FOUR_EYES",
    "second_approval": "ASSESS_ROLE_SECOND_APPROVAL",
    "lease_minutes": "ASSESS_ROLE_LEASE_MINUTES",
    "webhook_url": "ASSESS_ROLE_WEBHOOK_URL",
    "webhook_secret": "ASSESS_ROLE_WEBHOOK_SECRET",
    "oidc_issuer": "ASSESS_ROLE_OIDC_ISSUER",
    "oidc_client": "ASSESS_ROLE_OIDC_CLIENT",
    "oidc_secret": "ASSESS_ROLE_OIDC_SECRET",
    "traces_endpoint": "OTEL_EXPORTER_OTLP_ENDPOINT",
    "traces_protocol": "OTEL_EXPORTER_OTLP_PROTOCOL",
    "trace_texts": "ASSESS_ROLE_TRACE_TEXTS",
}
"""Setting to environment variable."""

_BEFORE = {
    "editor": "VISUAL",
    "traces_endpoint": "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "traces_protocol": "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
}
"""Setting to the variable that goes before the one above."""
_SECRETS = ("api_key", "token", "webhook_secret", "oidc_secret")
_TRACES = ("traces_endpoint", "traces_protocol")
"""In the environment only, where OpenTelemetry reads them itself, with headers, certificates and the rest."""
_IN_FILE = frozenset(ENVIRONMENT) - {"home", *_SECRETS, *_TRACES}


class Settings(Value):
    """Everything that can be set."""

    home: Path
    """Store, checkpoints, index and published pages."""
    publish_dir: Path
    """Published pages; `home/published` unless set."""
    reviewer: str
    """The reviewer's name where none is given: the login name unless set."""
    editor: str = "vi"
    """The command that opens an edit; VISUAL goes before EDITOR."""
    api_key: SecretStr | None = None
    base_url: str | None = None
    """OpenAI-compatible endpoint; `None` is OpenAI itself."""
    model: str | None = None
    timeout_s: float = Field(default=180.0, gt=0, le=36_000)
    """Bound on one attempt of a model call."""
    max_output_tokens: int = Field(default=16_000, ge=500)
    max_concurrency: int = Field(default=4, ge=1, le=64)
    """Model calls at once."""
    embedding_model: str | None = None
    """Model name at the embedding endpoint; `None` is the bundled model."""
    embedding_base_url: str | None = None
    """Embedding endpoint; `None` is `base_url`."""
    chroma_url: str | None = None
    """Chroma server (`chroma run`) that holds the index; `None` is a folder of the home."""
    rerank_base_url: str | None = None
    """Server with a `/rerank` that the search asks; `None` searches without."""
    rerank_model: str | None = None
    """Model name at the re-ranking server."""
    token: SecretStr | None = None
    """The token of the reviewer who decides at this terminal or in this script."""
    four_eyes: Literal["auto", "on", "off"] = "auto"
    """Whether who requested or edited a revision may approve it alone; `auto` asks for another with two or more known
    reviewers."""
    second_approval: tuple[Literal["override", "moved", "accepted", "new_role"], ...] = (
        "override",
        "moved",
        "accepted",
    )
    """What takes two approvals where four eyes are asked for; in the environment separated by commas, or `none`."""
    lease_minutes: float = Field(default=30.0, gt=0, le=24 * 60)
    """How long a review stays with whoever took it, after the last thing they did."""
    webhook_url: str | None = None
    """Address that is told of new items, decisions and publications."""
    webhook_secret: SecretStr | None = None
    """Signs what goes there."""
    oidc_issuer: str | None = None
    """OpenID Connect: the issuer whose users may sign in, as far as they are reviewers here."""
    oidc_client: str | None = None
    oidc_secret: SecretStr | None = None
    traces_endpoint: str | None = None
    """OTLP receiver of traces; `None` sends and loads nothing, also where OTEL_SDK_DISABLED is `true` or
    OTEL_TRACES_EXPORTER names another exporter."""
    traces_protocol: str = "grpc"
    """How it is spoken to, `grpc` or `http/protobuf`."""
    trace_texts: bool = False
    """Whether traces hold what the model was told and answered, and what was searched for."""
    sources: Mapping[str, str] = {}
    """Where each setting was taken from, for `config`."""

    @field_validator("base_url", "embedding_base_url", "chroma_url", "rerank_base_url", "webhook_url", "oidc_issuer")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not _address(value):
            raise ValueError("is no address; expected one like http://localhost:11434/v1")
        return value

    @field_validator("second_approval", mode="before")
    @classmethod
    def _is_list(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part for part in value.replace(",", " ").split() if part != "none")

    @field_validator("api_key", "token", "webhook_secret", "oidc_secret")
    @classmethod
    def _is_key(cls, value: SecretStr | None) -> SecretStr | None:
        key = "" if value is None else value.get_secret_value()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ValueError("has characters that no key has; expected printable ASCII without blanks")
        return value

    @property
    def connected(self) -> bool:
        """A model endpoint is configured."""
        return self.base_url is not None or self.api_key is not None

    @property
    def traces_to(self) -> str | None:
        """The receiver of traces for messages: without user and password; gRPC needs no scheme. `None` for none."""
        return None if self.traces_endpoint is None else self.traces_endpoint.rpartition("@")[2]

    @property
    def model_name(self) -> str:
        """The model to ask for. Raises Prerequisite when an endpoint is set without a model name."""
        if self.model is None and self.base_url is not None:
            raise Prerequisite(
                "OPENAI_BASE_URL is set, but no model is named.", hint="Set ASSESS_ROLE_MODEL to the server's model."
            )
        return self.model or DEFAULT_MODEL


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. Raises InvalidInput naming every bad value and where it stands, StorageFailed."""
    env = os.environ if environment is None else environment
    home = Path(env.get(ENVIRONMENT["home"]) or _default_home()).expanduser().absolute()
    found: dict[str, object] = {"home": home}
    sources = {"home": ENVIRONMENT["home"] if env.get(ENVIRONMENT["home"]) else "default"}
    for name, value in _file(home / "config.toml").items():
        found[name], sources[name] = value, "config.toml"
    for name, variable in ENVIRONMENT.items():
        value = env.get(variable, "").strip()
        if value and name != "home":
            found[name], sources[name] = value, variable
    for name, variable in _BEFORE.items():
        if env.get(variable, "").strip():
            found[name], sources[name] = env[variable].strip(), variable
    if not _sends_traces(env):
        found.pop("traces_endpoint", None)
        sources.pop("traces_endpoint", None)
    found.setdefault("publish_dir", home / "published")
    found.setdefault("reviewer", _login())
    try:
        settings = Settings.model_validate({**found, "sources": sources})
    except ValidationError as error:
        problems = tuple(
            f"{e['loc'][0]} ({sources.get(str(e['loc'][0]), 'default')}): {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_url=False, include_input=False)
        )
        raise InvalidInput(f"The settings are not valid: {'; '.join(problems)}.", problems=problems) from error
    return settings.model_copy(update={"publish_dir": settings.publish_dir.expanduser().absolute()})


def _sends_traces(env: Mapping[str, str]) -> bool:
    """What the other standard variables of OpenTelemetry say of sending traces by OTLP."""
    exporters = [name.strip() for name in env.get("OTEL_TRACES_EXPORTER", "").split(",") if name.strip()]
    return env.get("OTEL_SDK_DISABLED", "").strip().lower() != "true" and (not exporters or "otlp" in exporters)


def _default_home() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("assess-role", appauthor=False)


def _address(value: str) -> bool:
    try:
        parts = urlsplit(value.strip())
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def _file(path: Path) -> dict[str, object]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise StorageFailed(f"The config file {path} cannot be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"The config file {path} is not TOML: {error}.") from error
    unknown = sorted(set(document) - _IN_FILE)
    if unknown:
        raise InvalidInput(
            f"The config file {path} has unknown settings: {', '.join(unknown)}.",
            hint=f"It takes {', '.join(sorted(_IN_FILE))}. Keys belong into OPENAI_API_KEY, never into a file.",
        )
    return document
