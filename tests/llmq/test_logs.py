"""Log lines: what they are about, in which form, and what never stands in one."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import pytest

from bot.game.rounds import ANSWER
from bot.requests import Channel
from bot.subject import about
from llmq.logs import OURS, QUIET, write_logs
from llmq.settings import Settings

TEAM, CHANNEL, ROUND = "slack:T1", "C1", "C1:20780"
TOKEN, PASSWORD = "xoxb-1-hunter2", 'p"ss/hunter2'
TICKET = "wss://wss.slack.com/link/?ticket=hunter2"
CALLBACK = f"https://discord.com/api/v10/interactions/1/{'hunter2' * 10}/callback"


@dataclass
class Logging:
    """Logging as in a process that has just begun, but to a stream of ours."""

    monkeypatch: pytest.MonkeyPatch
    stream: StringIO = field(default_factory=StringIO)

    def begin(self, **settings: Any) -> None:
        self.monkeypatch.setattr("sys.stderr", self.stream)
        # Those of pytest, which come back after the test.
        self.monkeypatch.setattr(logging.root, "handlers", [])
        write_logs(settings_of(**settings))

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Logging]:
    named = [logging.getLogger(name) for name in ("", *OURS, *QUIET)]
    levels = [logger.level for logger in named]
    yield Logging(monkeypatch)
    about()
    for logger, level in zip(named, levels, strict=True):
        logger.setLevel(level)


def settings_of(**more: Any) -> Settings:
    url = "redis://llmq:p%22ss%2Fhunter2@redis:6379/0"
    return Settings.model_validate({"redis_url": url, "slack_bot_token": TOKEN, **more})


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_stands_in_a_line_whoever_wrote_it(logs: Logging, form: str) -> None:
    logs.begin(log_format=form)
    for secret in (TOKEN, PASSWORD, "p%22ss%2Fhunter2", TICKET, CALLBACK):
        logging.getLogger("some.library").warning("asked %s and got no answer", secret)
        try:
            raise ConnectionError(secret)
        except ConnectionError:
            logging.getLogger("bot.bot").exception("failed")
    assert "hunter2" not in logs.text
    assert logs.text.count("and got no answer") == 5
    assert "https://discord.com/api/v10/interactions/1/…/callback" in logs.text


@pytest.mark.parametrize(
    "url", ["unix:///s?password=hunter2", "redis+sentinel://h/s?sentinel_password=hunter2"]
)
def test_a_password_behind_the_address_is_a_secret_too(logs: Logging, url: str) -> None:
    logs.begin(redis_url=url)
    logging.getLogger("bot").warning("hunter2")
    assert "hunter2" not in logs.text


async def test_a_line_names_what_its_task_works_on_and_no_other(logs: Logging) -> None:
    logs.begin(log_format="json")
    log = logging.getLogger("bot")

    async def work(round: str) -> None:
        about(Channel(TEAM, CHANNEL), round)
        await asyncio.sleep(0)
        log.info("worked")

    await asyncio.gather(work(ROUND), work(""))
    log.info("about nothing")
    first, second, third = map(json.loads, logs.text.splitlines())
    assert (first["team"], first["channel"], first["round"]) == (TEAM, CHANNEL, ROUND)
    assert second["channel"] == CHANNEL
    assert "round" not in second
    assert third.keys() == {"time", "level", "logger", "message"}


def test_text_says_what_it_is_about_behind_its_words(logs: Logging) -> None:
    logs.begin()
    about(Channel(TEAM, CHANNEL), ROUND)
    logging.getLogger("bot").info("posted")
    assert logs.text.endswith(f" INFO bot posted team={TEAM} channel={CHANNEL} round={ROUND}\n")


def test_only_our_own_debugging_is_logged(logs: Logging) -> None:
    logs.begin(log_level="DEBUG")
    for name in ("bot.bot", "scheduler.timer", "discord.gateway", "app.py:AsyncApp", "slack_sdk.webhook"):
        logging.getLogger(name).debug("debugging of %s", name)
    # At INFO slack_sdk names the addresses at which a command is answered, without any further proof.
    logging.getLogger("slack_sdk.webhook").info("information of slack_sdk")
    logging.getLogger("discord.client").info("information of discord")
    said = [line.partition(" of ")[2] for line in logs.text.splitlines()]
    assert said == ["bot.bot", "scheduler.timer", "discord"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_answer_that_is_stored_and_cannot_be_read_is_not_quoted(logs: Logging, form: str) -> None:
    logs.begin(log_format=form)
    # Not in the call: Python 3.13 shows all the lines of a statement in a traceback, and so this test's own.
    stored = {"name": "my, words", "text": 'my "words"', "at": "my words", "unknown": "my words"}
    try:
        ANSWER.validate_python(stored)
    except ValueError:
        logging.getLogger("bot").exception("an answer cannot be read")
    assert "valid number" in logs.text
    assert "words" not in logs.text
