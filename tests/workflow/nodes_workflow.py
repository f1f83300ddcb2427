"""The names that paused runs hold: a change here needs a new GRAPH_VERSION."""

from __future__ import annotations

NODES = (
    "abstain",
    "accept_inputs",
    "draft_barriers",
    "draft_commentary",
    "draft_evidence",
    "draft_growth",
    "draft_lens",
    "draft_samples",
    "draft_tasks",
    "frame",
    "freeze_edit",
    "freeze_inputs",
    "freeze_publication",
    "gate_inputs",
    "gate_publication",
    "guard_commentary",
    "guard_inputs",
    "publish",
    "reject",
    "retrieve",
    "score",
    "send_back",
    "take_up",
)
