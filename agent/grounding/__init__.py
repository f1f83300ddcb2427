"""The guard: deterministic checks of drafts against the stored passages. Pure."""

from agent.grounding.quotes import locate
from agent.grounding.report import check, check_citations, check_one, check_text, repairer
from agent.grounding.role_mentions import speaks_of_role

__all__ = ["check", "check_citations", "check_one", "check_text", "locate", "repairer", "speaks_of_role"]
