"""The settings: where they come from, what is refused, and that a secret never shows."""

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from adapters.slack.installs import cipher_of
from bot.errors import Refusal
from llmq.cli import llmq
from llmq.platforms import shared_access
from llmq.settings import Settings, read_settings, settings_table, unknown_names

SECRET = "hunter2-hunter2"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("LLMQ_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()
    assert settings.redis_url is None
    assert settings.decks == ()
    assert settings.data_dir.is_absolute()
    assert not settings.model_fields_set


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("LLMQ_LOG_LEVEL=ERROR\nLLMQ_DATA_DIR=/from/file\n")
    monkeypatch.setenv("LLMQ_LOG_LEVEL", "DEBUG")
    settings = read_settings()
    assert settings.log_level == "DEBUG"
    assert settings.data_dir == Path("/from/file")


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMQ_REDIS_URL", "")
    assert read_settings().redis_url is None


def test_what_else_stands_in_the_file_is_passed_over() -> None:
    Path(".env").write_text("LLMQ_NOT_A_SETTING=1\nHOME_PAGE=there\n")
    assert not read_settings().model_fields_set


@pytest.mark.parametrize(
    ("value", "decks"),
    [
        ("a.md", ("a.md",)),
        (os.pathsep.join(("a.md", "/b c")), ("a.md", "/b c")),
        (os.pathsep.join(("", "a.md", "")), ("a.md",)),
    ],
)
def test_decks_are_parted_as_in_path(
    monkeypatch: pytest.MonkeyPatch, value: str, decks: tuple[str, ...]
) -> None:
    monkeypatch.setenv("LLMQ_DECKS", value)
    assert read_settings().decks == tuple(map(Path, decks))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("LLMQ_REDIS_URL", f"http://{SECRET}@host", "redis://, rediss://, unix://"),
        ("LLMQ_REDIS_URL", f"{SECRET}@host:6379", "redis://, rediss://, unix://"),
        ("LLMQ_LOG_LEVEL", SECRET, "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("LLMQ_DATA_DIR", f"~{SECRET}/data", "the whole path"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Refusal) as refusal:
        read_settings()
    assert f"{name}: " in str(refusal.value)
    assert expected in str(refusal.value)
    assert SECRET not in str(refusal.value)


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMQ_REDIS_URL", "nonsense")
    monkeypatch.setenv("LLMQ_LOG_LEVEL", "nonsense")
    with pytest.raises(Refusal, match=r"(?s)LLMQ_REDIS_URL.*LLMQ_LOG_LEVEL"):
        read_settings()


def test_a_file_that_is_no_text_is_refused() -> None:
    Path(".env").write_bytes(b"LLMQ_LOG_LEVEL=\xff\n")
    with pytest.raises(Refusal, match=r"\.env cannot be read"):
        read_settings()


def test_a_password_shows_in_no_form_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMQ_REDIS_URL", f"redis://user:{SECRET}@host/0")
    settings = read_settings()
    assert settings.redis_url
    assert SECRET in settings.redis_url.get_secret_value()
    shown = (str(settings), repr(settings), str(settings.model_dump()), settings.model_dump_json())
    assert not [form for form in shown if SECRET in form]


def test_settings_cannot_be_changed() -> None:
    settings = read_settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.log_level = "DEBUG"


def test_the_table_gives_each_setting_its_name_default_and_meaning() -> None:
    table = settings_table()
    assert [name for name, _, _ in table] == [f"LLMQ_{name.upper()}" for name in Settings.model_fields]
    assert all(default and meaning for _, default, meaning in table)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SLACK_ADMINS", "ana,bob"), ("DISCORD_ADMINS", "ana"), ("SLACK_ADMINS", "U012AB3CD,@bob")],
)
def test_a_list_of_ids_that_are_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"LLMQ_{name}", value)
    with pytest.raises(Refusal, match=f"LLMQ_{name}: it should be .* user ids"):
        read_settings()


def test_a_level_is_known_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMQ_LOG_LEVEL", "debug")
    assert read_settings().log_level == "DEBUG"


def test_a_mistyped_setting_is_named_with_the_nearest_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMQ_SLAK_BOT_TOKEN", "x")
    monkeypatch.setenv("LLMQ_REDIS_URL", "redis://localhost")
    assert list(unknown_names()) == ["LLMQ_SLAK_BOT_TOKEN is no setting; did you mean LLMQ_SLACK_BOT_TOKEN?"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {},
            "not LLMQ_SLACK_CLIENT_SECRET, LLMQ_SLACK_SIGNING_SECRET, LLMQ_SECRET_KEY: see docs/operating.md",
        ),
        ({"slack_bot_token": SECRET}, "Set one of the two."),
    ],
)
def test_what_lacks_to_serve_every_workspace_is_named(more: dict[str, str], said: str) -> None:
    settings = Settings(slack_client_id="1.2", **more)  # type: ignore[arg-type]
    assert settings.serves_http is bool(settings.slack_signing_secret)
    with pytest.raises(Refusal, match=re.escape(said)) as refused:
        shared_access(settings)
    assert SECRET not in str(refused.value)


def test_a_key_for_the_workspaces_tokens_is_one_that_is_taken() -> None:
    printed = CliRunner().invoke(llmq, ["slack", "key"]).output.strip()
    assert cipher_of(f"{printed}, {printed}").decrypt(cipher_of(printed).encrypt(b"token")) == b"token"
