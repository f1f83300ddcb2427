"""Settings: environment over file over default, every bad value named with where it stands, no key in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import InvalidInput, Prerequisite, StorageFailed
from agent.settings import DEFAULT_MODEL, ENVIRONMENT, read_settings


def with_file(home: Path, text: str) -> dict[str, str]:
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(text, encoding="utf-8")
    return {"ASSESS_ROLE_HOME": str(home)}


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(home: Path) -> None:
    environment = with_file(home, 'model = "file"\nreviewer = "Ada"\ntimeout_s = 30\n')
    settings = read_settings({**environment, "ASSESS_ROLE_MODEL": "environment"})
    assert (settings.model, settings.reviewer, settings.timeout_s) == ("environment", "Ada", 30.0)
    assert settings.max_concurrency == 4
    assert settings.sources["model"] == "ASSESS_ROLE_MODEL"
    assert settings.sources["reviewer"] == "config.toml"
    assert "max_concurrency" not in settings.sources


def test_an_empty_variable_is_no_setting(home: Path) -> None:
    settings = read_settings({"ASSESS_ROLE_HOME": str(home), "OPENAI_API_KEY": " ", "OPENAI_BASE_URL": ""})
    assert (settings.api_key, settings.base_url, settings.connected) == (None, None, False)


@pytest.mark.parametrize("name", ["api_key", "home", "OPENAI_API_KEY", "modle"])
def test_keys_and_unknown_settings_are_refused_in_the_file(name: str, home: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_settings(with_file(home, f'{name} = "sk-secret-value"\n'))
    assert name in caught.value.message
    assert "OPENAI_API_KEY" in (caught.value.hint or "")
    assert "sk-secret-value" not in f"{caught.value.message}{caught.value.hint}"


def test_every_bad_value_is_named_with_where_it_stands(home: Path) -> None:
    environment = with_file(home, "max_concurrency = 0\n")
    with pytest.raises(InvalidInput) as caught:
        read_settings({**environment, "ASSESS_ROLE_TIMEOUT_S": "soon", "OPENAI_BASE_URL": "localhost:11434"})
    problems = " ".join(caught.value.problems)
    assert len(caught.value.problems) == 3
    for wanted in ("timeout_s (ASSESS_ROLE_TIMEOUT_S)", "max_concurrency (config.toml)", "base_url (OPENAI_BASE_URL)"):
        assert wanted in problems


@pytest.mark.parametrize("key", ["sk-caf\xe9", "sk two", "sk-\x07"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(key: str, home: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_settings({"ASSESS_ROLE_HOME": str(home), "OPENAI_API_KEY": key})
    assert "OPENAI_API_KEY" in caught.value.message
    assert key not in caught.value.message


@pytest.mark.parametrize("text", ["model = ", "[unclosed", "model = 'a'\nmodel = 'b'", "\x00"])
def test_a_file_that_is_no_toml_is_named(text: str, home: Path) -> None:
    with pytest.raises(InvalidInput, match=r"config\.toml"):
        read_settings(with_file(home, text))


def test_a_file_of_the_wrong_kind_of_value_is_named(home: Path) -> None:
    with pytest.raises(InvalidInput, match="model"):
        read_settings(with_file(home, "model = 5\n"))


def test_a_file_that_is_not_utf8_or_no_file_is_named(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_bytes(b"model = '\xff'")
    with pytest.raises(InvalidInput, match=r"config\.toml"):
        read_settings({"ASSESS_ROLE_HOME": str(home)})
    (tmp_path / "other" / "config.toml").mkdir(parents=True)
    with pytest.raises(StorageFailed, match=r"config\.toml"):
        read_settings({"ASSESS_ROLE_HOME": str(tmp_path / "other")})


def test_the_model_has_a_default_with_openai_and_needs_a_name_elsewhere(home: Path) -> None:
    here = {"ASSESS_ROLE_HOME": str(home)}
    assert read_settings({**here, "OPENAI_API_KEY": "sk-x"}).model_name == DEFAULT_MODEL
    with pytest.raises(Prerequisite, match="no model is named"):
        _ = read_settings({**here, "OPENAI_BASE_URL": "http://localhost:1/v1"}).model_name


def test_a_key_never_prints(home: Path) -> None:
    settings = read_settings({"ASSESS_ROLE_HOME": str(home), "OPENAI_API_KEY": "sk-secret-value"})
    assert "sk-secret-value" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_folders_are_absolute_and_the_editor_follows_visual(home: Path, tmp_path: Path) -> None:
    environment = {"ASSESS_ROLE_HOME": "~/x", "ASSESS_ROLE_PUBLISH_DIR": "pages", "EDITOR": "ed", "VISUAL": "vim -f"}
    settings = read_settings(environment)
    assert settings.home == Path("~/x").expanduser()
    assert settings.publish_dir.is_absolute()
    assert (settings.editor, settings.sources["editor"]) == ("vim -f", "VISUAL")


def test_every_setting_has_a_variable() -> None:
    assert set(ENVIRONMENT) == set(read_settings({}).__class__.model_fields) - {"sources"}
