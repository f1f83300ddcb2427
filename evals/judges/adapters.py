"""A judge as DeepEval and as RAGAS take one. The only module that subclasses their models; import it in `quiet()`."""

from __future__ import annotations

from typing import Any, TypeVar

from deepeval.models import DeepEvalBaseLLM
from pydantic import BaseModel
from ragas.llms.base import InstructorBaseRagasLLM

from evals.judges.judge import Asker

T = TypeVar("T", bound=BaseModel)


class DeepEvalJudge(DeepEvalBaseLLM):  # type: ignore[misc]
    """Hands what a DeepEval metric asks to an `Asker`, always with the schema of the answer."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        super().__init__(asker.label)

    def load_model(self, *args: Any, **kwargs: Any) -> Any:
        """Nothing is loaded: the port has the model."""
        return self

    def get_model_name(self, *args: Any, **kwargs: Any) -> str:
        """The label of the judge."""
        return self._asker.label

    def generate(self, prompt: str, schema: type[T] | None = None) -> T:
        """Raises the errors of the port; TypeError for a metric that names no schema: nobody would parse its prose."""
        if schema is None:
            raise TypeError("a metric asked its judge without a schema: expected one for every answer")
        return self._asker.ask(prompt, schema)

    def generate_with_schema(self, prompt: str, schema: type[T] | None = None, **kwargs: Any) -> T:
        """As `generate`: the base class would ask again without the schema after any TypeError."""
        return self.generate(prompt, schema)

    async def a_generate(self, prompt: str, schema: type[T] | None = None) -> T:
        """As `generate`; a case runs in a thread of its own, so that nothing is held up."""
        return self.generate(prompt, schema)

    async def a_generate_with_schema(self, prompt: str, schema: type[T] | None = None, **kwargs: Any) -> T:
        """As `generate`."""
        return self.generate(prompt, schema)


class RagasJudge(InstructorBaseRagasLLM):  # type: ignore[misc]
    """Hands what a RAGAS metric asks to an `Asker`, without a call of Instructor."""

    is_async = True

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.model = asker.label

    def generate(self, prompt: str, response_model: type[T]) -> T:
        """Raises the errors of the port."""
        return self._asker.ask(prompt, response_model)

    async def agenerate(self, prompt: str, response_model: type[T]) -> T:
        """As `generate`; a case runs in a thread of its own, so that nothing is held up."""
        return self.generate(prompt, response_model)
