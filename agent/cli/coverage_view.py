"""What the corpus holds on a role, as a person sees it."""

from __future__ import annotations

from agent.cli.views import table
from agent.cli.wording import counted
from agent.grounding.coverage import Coverage
from agent.llm.recording import Recording
from agent.schemas.draft import RoleFrame


def coverage_lines(found: Coverage) -> list[str]:
    """What the corpus holds on a role as a table of at most 80 columns, what is missing, and what follows."""
    rows = [
        (
            _group_name(group.name),
            str(group.passages),
            str(group.speaking),
            str(group.sources),
            "/".join(str(group.tiers[tier]) for tier in sorted(group.tiers)),
            str(group.fresh),
            str(group.undated),
            group.newest or "-",
        )
        for group in found.groups
    ]
    lines = [table(("FOR", "FOUND", "ON IT", "SOURCES", "TIERS 1-4", "FRESH", "NO DATE", "NEWEST"), rows), ""]
    missing = [f"  {_group_name(group.name)}: {', '.join(group.missing)}" for group in found.groups if group.missing]
    if missing:
        lines += ["Missing:", *missing, ""]
    if found.sources >= found.needed:
        lines.append(f"{found.sources} independent sources name the role; {found.needed} are needed.")
    verdict = f"An assessment would not be begun: {found.stops}" if found.stops else "An assessment can be begun."
    return [*lines, verdict]


def coverage_origin(recording: Recording, frame: RoleFrame, found: Coverage) -> str:
    """Where the names of a role come from that its coverage was counted by."""
    aliases = counted(len(frame.aliases), "alias", "aliases")
    proxies = counted(len(frame.proxies), "proxy", "proxies")
    level = f" ({recording.seniority})" if recording.seniority else ""
    return f"As recorded for {recording.role}{level}: {aliases}, {proxies}; evidence as of {found.as_of}."


def _group_name(group: str) -> str:
    """A section, or a dimension of the evidence, in words."""
    return group.rpartition(".")[2].replace("_", " ")
