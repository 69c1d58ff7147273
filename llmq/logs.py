"""What a log line looks like: text or JSON, with the team, channel and round it is about, and no secret."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import SecretStr
from pythonjsonlogger.json import JsonFormatter

from bot.subject import SUBJECT, subject
from llmq.settings import Settings

LogFormat = Literal["text", "json"]

OURS = ("llmq", "bot", "adapters", "content", "scheduler")
# What these say at INFO is noise, or names addresses at which anyone may answer for llmq (slack_sdk).
QUIET = ("aiohttp.access", "apscheduler", "slack_sdk")
# In an address, the query holds Slack's ticket to connect, and a long step of the path Discord's to answer.
TICKETS = r"(?<=\?)[^\s'\"\\]+|(?<=/)[\w-]{40,}"
# pydantic quotes what it cannot read, such as a stored answer.
QUOTED = r"(?<=input_value=).*?(?=, input_type=)"
HIDDEN = "…"


def write_logs(settings: Settings) -> None:
    """Log to the error stream. A library says no more than INFO: at DEBUG they log what people wrote."""
    handler = logging.StreamHandler()
    handler.addFilter(name_subject)
    handler.setFormatter(Redacting(FORMATS[settings.log_format], secrets_of(settings)))
    level = logging.getLevelNamesMapping()[settings.log_level]
    # Each logger of slack_bolt takes its level from the root when it is made, so the root must have it.
    logging.basicConfig(level=max(level, logging.INFO), handlers=[handler])
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def name_subject(record: logging.LogRecord) -> bool:
    """Give a line the fields of what its task works on."""
    vars(record).update(subject())
    return True


class Text(logging.Formatter):
    """A line for a person: what it is about stands behind its words."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        known = {field: value for field in SUBJECT if (value := getattr(record, field, ""))}
        return super().formatMessage(record) + "".join(f" {name}={value}" for name, value in known.items())


class Redacting(logging.Formatter):
    """Another format, in which no secret stands, whoever wrote one into a line."""

    def __init__(self, format: logging.Formatter, secrets: Iterator[str]) -> None:
        super().__init__()
        self._format = format
        # In JSON some characters of a password are written in another way.
        forms = {form for secret in secrets for form in (secret, json.dumps(secret)[1:-1]) if form}
        longest_first = sorted(map(re.escape, forms), key=len, reverse=True)
        self._secret = re.compile("|".join((*longest_first, TICKETS, QUOTED)))

    def format(self, record: logging.LogRecord) -> str:
        return self._secret.sub(HIDDEN, self._format.format(record))


FORMATS: dict[LogFormat, logging.Formatter] = {
    "text": Text("%(asctime)s %(levelname)s %(name)s %(message)s"),
    "json": JsonFormatter(
        ("levelname", "name", "message"),
        rename_fields={"levelname": "level", "name": "logger"},
        timestamp="time",
    ),
}


def secrets_of(settings: Settings) -> Iterator[str]:
    """Every secret of the settings, and the passwords in the address of Redis, as written and as they are."""
    for value in dict(settings).values():
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
    if settings.redis_url:
        address = urlsplit(settings.redis_url.get_secret_value())
        login, _, _ = address.netloc.rpartition("@")
        _, _, password = login.partition(":")
        yield from (password, unquote(password))
        yield from (value for name, value in parse_qsl(address.query) if name.endswith("password"))
