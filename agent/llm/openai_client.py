"""The one place that touches the openai package: a request in, a JSON document or a typed fault out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from pydantic import BaseModel

from agent.llm.reply import one_line
from agent.llm.retry import Fault, is_transient, retry_after_s

STAINLESS = (
    *("X-Stainless-Lang", "X-Stainless-Package-Version", "X-Stainless-OS", "X-Stainless-Arch", "X-Stainless-Runtime"),
    *("X-Stainless-Runtime-Version", "X-Stainless-Async", "X-Stainless-Retry-Count", "X-Stainless-Read-Timeout"),
)
"""Headers by which the SDK describes the machine it runs on."""

HINTS = {
    401: "Check OPENAI_API_KEY.",
    403: "Check that OPENAI_API_KEY may use this model.",
    404: "Check ASSESS_ROLE_MODEL, and that OPENAI_BASE_URL ends where the server's API starts (usually /v1).",
    413: "The request is too large for this server.",
    429: "The server limits how much is asked; try again later.",
}
OUT_OF_CREDIT = "insufficient_quota"
TOO_LONG = "context_length_exceeded"


# The SDK is imported only when it is needed, so its type cannot be named in the signature.
def sdk_client(base_url: str | None, api_key: str, *, timeout_s: float, max_retries: int = 0) -> Any:
    """The SDK's client for one endpoint: no redirects, and nothing that the SDK would add from the environment.

    Proxies of the environment (HTTPS_PROXY and the like) are used: the user configured them.
    """
    import openai

    client = openai.OpenAI(
        base_url=base_url,
        api_key=api_key or "none",
        timeout=timeout_s,
        max_retries=max_retries,
        webhook_secret="",
        http_client=openai.DefaultHttpxClient(follow_redirects=False),
    )
    # These come from OPENAI_ORG_ID, OPENAI_PROJECT_ID and OPENAI_CUSTOM_HEADERS, which may be meant for another server.
    client.organization = None
    client.project = None
    client._custom_headers = {}
    return client


class OpenAIClient:
    """Makes single attempts; retrying, budgets and concurrency belong to the caller."""

    def __init__(self, base_url: str, api_key: str, *, timeout_s: float, now: Callable[[], float]) -> None:
        """`now` gives Unix time in seconds, for Retry-After dates."""
        import openai

        self._sdk = openai
        self._key = api_key
        self._timeout_s = timeout_s
        self._now = now
        self._client = sdk_client(base_url, api_key, timeout_s=timeout_s)
        self._headers = dict.fromkeys(STAINLESS, openai.omit)

    def create(self, request: Mapping[str, object]) -> dict[str, object] | Fault:
        """Post one chat completion and wait for the whole answer."""
        create = cast(Any, self._client.chat.completions.create)
        try:
            answer: object = create(**request, extra_headers=self._headers)
        except self._sdk.APIStatusError as error:
            retry_after = error.response.headers.get("retry-after")
            return self._status_fault(error.status_code, error.message, error.body, retry_after)
        except self._sdk.APIError as error:
            return self._lost(error)
        except (ValueError, RecursionError) as error:
            return Fault(f"the server's answer is not JSON ({type(error).__name__})", transient=True)
        if isinstance(answer, BaseModel):
            return answer.model_dump(mode="json", warnings=False)
        found = self._safe(str(answer), 80)
        return Fault(f"the server's answer is not a chat completion: {found}", transient=False, hint=HINTS[404])

    def _lost(self, error: Exception) -> Fault:
        """An attempt that brought no HTTP answer. The SDK's own words say nothing; its cause names the kind."""
        if isinstance(error, self._sdk.APITimeoutError):
            hint = "Raise the timeout or use a faster model."
            return Fault(f"no answer within {self._timeout_s:g} s", transient=True, hint=hint)
        cause = type(error.__cause__ or error).__name__
        return Fault(
            f"no connection ({cause})", transient=True, hint="Check OPENAI_BASE_URL, and that the server runs."
        )

    def _status_fault(self, status: int, message: str, body: object, retry_after: str | None) -> Fault:
        said = f"{message} {body or ''}"
        hint = HINTS.get(status)
        transient = is_transient(status)
        if OUT_OF_CREDIT in said:
            transient, hint = False, "The account has no credit left."
        elif TOO_LONG in said:
            hint = "The prompt is longer than this model's context; use a model with a longer one."
        return Fault(
            f"HTTP {status}: {self._safe(_server_words(body))}",
            transient=transient,
            status=status,
            body=said,
            retry_after_s=retry_after_s(retry_after, self._now()),
            hint=hint,
        )

    def _safe(self, text: str, limit: int = 300) -> str:
        """Server text for a message: one line and never the key."""
        shown = text.replace(self._key, "[key]") if self._key else text
        return one_line(shown, limit)


def _server_words(body: object) -> str:
    """The message in an error body; the whole body if it has another shape."""
    if isinstance(body, dict):
        inner = body.get("error", body)
        message = inner.get("message", inner) if isinstance(inner, dict) else inner
        return str(message)
    return str(body or "no explanation")
