"""The settings: read once, from the environment and from a file `.env`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import Refusal
from llmq.redis.clients import SCHEMES, kind_of

PREFIX = "LLMQ_"
SLACK_ID, DISCORD_ID = re.compile("[UW][A-Z0-9]{4,}"), re.compile(r"\d{15,20}")
FOR_TESTS = {"LLMQ_TEST_REDIS"}


class Settings(BaseSettings):
    """Every setting, with its meaning. A secret never shows in a repr."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    redis_url: SecretStr | None = Field(
        None,
        description="Redis or Valkey to keep everything in: `redis://`, `unix://`, `redis+sentinel://`, "
        "`redis+cluster://`, or with TLS `rediss://` and so on",
        examples=["redis://user:password@localhost:6379/0"],
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("llmq"),
        description="Folder of the embedded server's data, the log and the terminal's history",
    )
    decks: Annotated[tuple[Path, ...], NoDecode] = Field(
        (),
        description=f"More decks: files or folders, separated by `{os.pathsep}`",
        examples=["/srv/llmq/decks"],
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged: `DEBUG`, `INFO`, `WARNING` or `ERROR`"
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="How `llmq run` logs: `text`, or `json` with one object on each line"
    )

    slack_bot_token: SecretStr | None = Field(
        None, description="Slack's Bot User OAuth Token (`xoxb-…`)", examples=["xoxb-..."]
    )
    slack_app_token: SecretStr | None = Field(
        None, description="Slack's app-level token (`xapp-…`), for Socket Mode", examples=["xapp-..."]
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="Slack's signing secret, for HTTP instead of Socket Mode"
    )
    slack_client_id: str | None = Field(
        None,
        description="Slack's client id, to serve every workspace that installs the app, instead of a token",
    )
    slack_client_secret: SecretStr | None = Field(None, description="Slack's client secret, beside that")
    secret_key: SecretStr | None = Field(
        None,
        description="What closes those workspaces' tokens in Redis: a key from `llmq slack key`, or several "
        "separated by commas, the newest first",
    )
    slack_admins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Slack user ids of further admins, separated by commas"
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", description="Another address of Slack's API, for a proxy or GovSlack"
    )
    discord_token: SecretStr | None = Field(
        None, description="The token of Discord's application", examples=["..."]
    )
    discord_admins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Discord user ids of further admins, separated by commas"
    )
    discord_guild: str | None = Field(
        None, pattern=r"^\d+$", description="The one server that gets the commands, and gets them at once"
    )
    discord_shards: int | None = Field(
        None, ge=1, description="How many shards all processes have together; Discord says it if you do not"
    )
    discord_shard_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        (),
        description="The shards of this process, separated by commas, such as `0,1`; then set them for all",
    )
    discord_api_url: str | None = Field(
        None, description="Another address of Discord's API with its version, such as `https://host/api/v10`"
    )
    discord_gateway_url: str | None = Field(None, description="Another address of Discord's gateway")

    http_host: str = Field("127.0.0.1", description="Where HTTP is served")
    http_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="The port of HTTP: Slack's events, `/healthz`, `/readyz`, `/metrics`",
    )

    metrics_token: SecretStr | None = Field(
        None, description="Who asks for `/metrics` has to send this as `Authorization: Bearer …`"
    )

    keep_answers_days: int = Field(
        90, ge=7, le=3650, description="Members' texts are deleted so many days after their round has closed"
    )
    purge_days: int = Field(
        30, ge=0, description="All of a team is deleted so many days after llmq was taken out of it"
    )
    member_commands: int = Field(60, ge=1, description="How many commands a member may send in a minute")
    team_commands: int = Field(3000, ge=1, description="How many commands all of a team may send in a minute")

    judge_url: str | None = Field(
        None,
        description="An OpenAI-compatible endpoint with a model that looks for key points in answers; the "
        "answers are sent there, and members are told",
        examples=["https://llm.example.com/v1"],
    )
    judge_model: str | None = Field(None, description="The model to ask there", examples=["small-model"])
    judge_key: SecretStr | None = Field(None, description="The key of that endpoint", examples=["..."])
    judge_budget: int = Field(
        500, ge=0, description="How often a day the model is asked; then wording is looked at, as without it"
    )

    @property
    def serves_http(self) -> bool:
        """Whether anything is to be had over HTTP: when a port is set, or Slack's events come that way."""
        slack = self.slack_client_id or self.slack_bot_token
        return self.http_port is not None or bool(slack and self.slack_signing_secret)

    @field_validator("slack_admins", "discord_admins", "discord_shard_ids", mode="before")
    @classmethod
    def _split_by_commas(cls, value: object) -> object:
        return tuple(filter(None, value.replace(" ", "").split(","))) if isinstance(value, str) else value

    @field_validator("slack_admins")
    @classmethod
    def _slack_ids(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        return checked_ids(ids, SLACK_ID, "Slack user ids such as U012AB3CD")

    @field_validator("discord_admins")
    @classmethod
    def _discord_ids(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        return checked_ids(ids, DISCORD_ID, "Discord user ids, which are long numbers")

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @field_validator("judge_url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("it should start with https:// (or http://)")
        return url

    @field_validator("slack_api_url")
    @classmethod
    def _whole_address(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("it should start with https:// (or http://)")
        return url.rstrip("/") + "/"

    @field_validator("decks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value

    @field_validator("redis_url")
    @classmethod
    def _known_scheme(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not kind_of(url.get_secret_value()):
            raise ValueError(f"it should start with {', '.join(f'{scheme}://' for scheme in SCHEMES)}")
        return url

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        try:
            return folder.expanduser().absolute()
        except RuntimeError:
            raise ValueError("the home folder in it is not known; write the whole path") from None


def checked_ids(ids: tuple[str, ...], form: re.Pattern[str], what: str) -> tuple[str, ...]:
    """Raises ValueError that says what is expected."""
    if all(map(form.fullmatch, ids)):
        return ids
    raise ValueError(f"it should be {what}, separated by commas")


def read_settings() -> Settings:
    """The settings. Raises a refusal that names each bad one and what was expected, but never its value."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as faults:
        lines = [
            f"{PREFIX}{str(fault['loc'][0]).upper()}: {expected(fault['msg'])}" for fault in faults.errors()
        ]
        raise Refusal("Fix these settings:\n" + "\n".join(lines)) from None
    except (OSError, UnicodeDecodeError):
        raise Refusal("The file .env cannot be read. Save it as UTF-8, and allow llmq to read it.") from None


def unknown_names() -> Iterator[str]:
    """A sentence for each name that looks like one of ours and is none."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    written = {*os.environ, *dotenv_values(".env")}
    for name in sorted(written):
        if name.upper().startswith(PREFIX) and name.upper() not in known | FOR_TESTS:
            near = get_close_matches(name.upper(), known, n=1)
            yield f"{name} is no setting{f'; did you mean {near[0]}?' if near else '.'}"


def expected(words: str) -> str:
    """Pydantic's sentence without its prefix."""
    return words.removeprefix("Value error, ")


def settings_table() -> list[tuple[str, str, str]]:
    """Name, default and meaning of each setting, for the README and the doctor."""
    fields = Settings.model_fields
    return [
        (
            PREFIX + name.upper(),
            DEFAULTS.get(name, "none" if field.default is None else str(field.default)),
            field.description or "",
        )
        for name, field in fields.items()
    ]


DEFAULTS = {
    "redis_url": "an embedded server",
    "data_dir": "the user's data folder",
    "decks": "none",
    "slack_admins": "none",
    "http_port": "none; 3000 with Slack's signing secret",
    "discord_admins": "none",
    "discord_shard_ids": "a fair share",
    "discord_shards": "as Discord advises",
    "discord_api_url": "Discord's own",
    "discord_gateway_url": "Discord's own",
}
