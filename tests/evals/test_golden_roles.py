"""The golden roles and their frozen intervals: eight roles of several families, frozen by rule and never twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories_evals import a_golden_role

from agent.errors import InvalidInput, NotFound
from evals.golden import freeze as freezing
from evals.golden import roles as golden
from evals.golden.roles import read_roles
from evals.suites.replaying import Replay, Stopped

BUNDLED = {"ML Platform Engineer", "Data Engineer", "Junior Software Developer"}


def test_there_are_eight_roles_of_six_families_and_the_bundled_ones_are_among_them() -> None:
    read = read_roles()
    assert len(read.roles) == 8
    assert len({role.family for role in read.roles}) == 6
    assert len(read.abstaining) == len({role.family for role in (*read.roles, *read.abstaining)}) - 6 == 5
    assert {role.role for role in read.roles if role.recording.startswith("bundled/")} == BUNDLED


def test_every_frozen_interval_follows_from_its_score_by_the_rule() -> None:
    read = read_roles()
    frozen = [role.expected for role in read.roles if role.expected is not None]
    assert len(frozen) == len(read.roles)
    for expected in frozen:
        margin = read.margin_points
        assert (expected.low, expected.high) == (
            round(max(0.0, expected.score - margin), 1),
            round(min(100.0, expected.score + margin), 1),
        )


def test_every_recording_is_of_its_role_and_day() -> None:
    for role in read_roles().roles:
        if role.path.is_file() and role.expected is not None:
            assert role.read().recorded_at == role.expected.recorded_at


def written(folder: Path, **changed: object) -> Path:
    document = json.loads(golden.FILE.read_text(encoding="utf-8")) | changed
    file = folder / "roles.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def test_a_file_that_breaks_a_rule_is_refused_with_the_place(tmp_path: Path) -> None:
    role = a_golden_role().model_dump(mode="json")
    with pytest.raises(InvalidInput, match=r"not valid: roles\.0\.family: Field required"):
        read_roles(written(tmp_path, roles=[{k: v for k, v in role.items() if k != "family"}]))
    with pytest.raises(InvalidInput, match=r"named twice: Release Engineer \(Senior\)"):
        read_roles(written(tmp_path, roles=[role, role]))
    role["expected"]["score"] = 60.0
    with pytest.raises(InvalidInput, match=r"38\.6 to 44\.6 does not hold the score 60\.0"):
        read_roles(written(tmp_path, roles=[role]))


def test_a_file_that_is_cut_or_missing_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "roles.json"
    with pytest.raises(NotFound, match="golden roles are missing"):
        read_roles(file)
    file.write_text(golden.FILE.read_text(encoding="utf-8")[:200], encoding="utf-8")
    with pytest.raises(InvalidInput, match="not whole JSON"):
        read_roles(file)


@pytest.fixture
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(golden, "CHECKOUT", tmp_path)
    monkeypatch.setitem(golden.RECORDINGS, "golden", tmp_path)
    return tmp_path


def test_a_recording_that_is_missing_cut_or_of_another_role_is_refused(recordings: Path) -> None:
    role = a_golden_role()
    with pytest.raises(NotFound, match="There is no recording: found no release-engineer-senior"):
        role.read()
    whole = golden.RECORDINGS["bundled"].joinpath("data-engineer-mid-level.json").read_text(encoding="utf-8")
    role.path.write_text(whole[:5000], encoding="utf-8")
    with pytest.raises(InvalidInput, match="not whole JSON"):
        role.read()
    role.path.write_text(whole, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"a recording of Data Engineer \(Mid-level\), not of Release Engineer"):
        role.read()


def test_a_draft_without_a_score_is_not_frozen() -> None:
    stopped = Stopped("It ended as abstained: too few sources.", stale=False)
    replay = Replay(a_golden_role(expected=None), None, None, stopped, {}, 0)
    with pytest.raises(InvalidInput, match="no score to freeze: It ended as abstained"):
        freezing.expected(replay, recorded_at="2026-11-28", margin_points=3.0, today="2026-11-28")


def test_what_is_frozen_stays_and_what_has_no_recording_is_said(tmp_path: Path) -> None:
    frozen = next(role for role in read_roles().roles if role.expected is not None)
    waiting = a_golden_role(expected=None)
    file = written(tmp_path, roles=[role.model_dump(mode="json") for role in (frozen, waiting)])
    said = freezing.freeze(file, today="2030-01-01")
    assert said[0].startswith(f"{frozen.name}: stays ")
    assert said[1] == f"{waiting.name}: not frozen, there is no recording yet"
    assert read_roles(file).roles == (frozen, waiting)


def test_a_role_is_frozen_anew_only_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="No golden role is called Pilot"):
        freezing.freeze(written(tmp_path), again=["Pilot"], today="2030-01-01")
