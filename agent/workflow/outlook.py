"""What a corpus holds on a role: the count that decides whether an assessment is begun, in a run and before one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agent.drafting.drafter import Drafter
from agent.drafting.prompts import PromptLibrary
from agent.drafting.queries import QueryGroup, query_groups
from agent.errors import NeedsModel
from agent.grounding.coverage import Coverage, coverage_of
from agent.llm.recorded import RecordedModel
from agent.llm.recording import Recording, find_recording
from agent.schemas.article import Passage
from agent.schemas.draft import RoleFrame
from agent.schemas.vocabulary import INPUT_SECTIONS, Section
from agent.workflow.evidence import Evidence
from agent.workflow.retrieval import gather
from agent.workflow.titles import check_role, check_seniority


@dataclass(frozen=True)
class Described:
    """A role with what is searched for."""

    frame: RoleFrame
    queries: Mapping[Section, Sequence[QueryGroup]]
    recording: Recording | None = None
    """Where frame and queries come from; `None` when nobody has described the role yet."""


def described(
    role: str,
    seniority: str | None,
    *,
    recordings: tuple[Recording, ...],
    prompts: PromptLibrary,
    aliases: tuple[str, ...] = (),
    proxies: tuple[str, ...] = (),
) -> Described:
    """The role as its recording describes it, or by its title alone; `aliases` and `proxies` are named and searched
    for besides. No model is called.

    Raises InvalidInput for a title that is none, and when the role has recordings of several seniorities.
    """
    title, level = check_role(role), check_seniority(seniority)
    recording = find_recording(recordings, title, level)
    found = None if recording is None else _recorded(recording, prompts)
    if found is None:
        found = Described(_bare(title, level), query_groups(title, {}))
    frame = found.frame.model_copy(
        update={
            "aliases": tuple(dict.fromkeys((*found.frame.aliases, *aliases))),
            "proxies": tuple(dict.fromkeys((*found.frame.proxies, *proxies))),
        }
    )
    more = tuple(dict.fromkeys((*aliases, *proxies)))
    queries = {section: tuple(_with(group, more) for group in groups) for section, groups in found.queries.items()}
    return Described(frame, queries, found.recording)


def coverage_of_run(
    frame: RoleFrame,
    found: Mapping[str, Sequence[Passage]],
    packs: Mapping[str, Sequence[Passage]] | None = None,
    *,
    as_of: str,
) -> Coverage:
    """The coverage by the passages found a group. `packs` are those that a replay is drafted from, by section: they
    alone then decide whether it is begun."""
    whole = coverage_of(frame, found, as_of=as_of)
    if packs is None:
        return whole
    decided = coverage_of(frame, packs, as_of=as_of)
    return whole.model_copy(update={"sources": decided.sources, "stops": decided.stops})


def coverage_before(
    evidence: Evidence,
    role: Described,
    *,
    as_of: str,
    known: Callable[[Sequence[str]], Mapping[str, Passage]],
    replayed: bool,
) -> Coverage:
    """What a corpus holds on a role before a run. With `replayed`, decided as for a replay of its recording; `known`
    gives stored passages by id, and without one of the recording's the search decides."""
    found = gather(evidence, role.queries, as_of=as_of)
    packs = None
    if replayed and role.recording is not None:
        ids = {name: role.recording.packs.get(name, ()) for name in (section.value for section in INPUT_SECTIONS)}
        held = known(sorted({passage for part in ids.values() for passage in part}))
        if all(passage in held for part in ids.values() for passage in part):
            packs = {name: [held[passage] for passage in part] for name, part in ids.items()}
    return coverage_of_run(role.frame, found, packs, as_of=as_of)


def _recorded(recording: Recording, prompts: PromptLibrary) -> Described | None:
    """`None` when the recording answers another version of the prompt: a run of it would ask for a model too."""
    drafter = Drafter(model=RecordedModel((recording,)), prompts=prompts)
    try:
        framed, _ = drafter.frame(recording.role, recording.seniority or None)
    except NeedsModel:
        return None
    return None if framed.frame is None else Described(framed.frame, framed.queries, recording)


def _bare(title: str, seniority: str | None) -> RoleFrame:
    return RoleFrame(
        title=title,
        seniority=seniority or "open",
        function=title,
        aliases=(),
        proxies=(),
        is_not=(),
        experience="not described yet",
        seniority_note="not described yet",
        tags=(),
    )


def _with(group: QueryGroup, more: tuple[str, ...]) -> QueryGroup:
    """The group with more queries on both sides, before its own."""
    return QueryGroup(
        name=group.name,
        displacing=tuple(dict.fromkeys((*more, *group.displacing))),
        protecting=tuple(dict.fromkeys((*more, *group.protecting))),
    )
