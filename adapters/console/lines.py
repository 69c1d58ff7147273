"""What a typed line means; it knows the terminal's own commands and none of the game's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from durationpy import DurationError, from_str

from bot.errors import Refusal

LONGEST = timedelta(days=400)
NAME = re.compile(r"[\w.-]{1,32}")
DURATION = re.compile(r"-?([0-9.]+[a-z]+)+")
# Longer digits are no button; Python also refuses to read more than 4,300 of them as one number.
NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Say:
    """Words for the game: a command, or an answer in `body`."""

    text: str
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """The number of a button."""

    number: int


@dataclass(frozen=True, slots=True)
class SpeakAs:
    """From now on another member speaks."""

    name: str


@dataclass(frozen=True, slots=True)
class Forward:
    """The clock moves."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class Help:
    """The terminal's own commands are wanted."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """The open form is left."""


@dataclass(frozen=True, slots=True)
class Quit:
    """The terminal is left."""


Line = Say | Press | SpeakAs | Forward | Help | Cancel | Quit


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """One of the terminal's own commands; `examples` are offered by completion."""

    usage: str
    help: str
    read: Callable[[str], Line]
    examples: tuple[str, ...] = ()


def name_in(rest: str) -> SpeakAs:
    """The member named after `/as`."""
    if not NAME.fullmatch(rest):
        raise Refusal(
            "A name has 1 to 32 letters, digits, dots, dashes or underscores and no spaces: `/as ana`."
        )
    return SpeakAs(rest)


def duration_in(rest: str) -> Forward:
    """The time named after `/forward`."""
    if not rest:
        raise Refusal("Say how far the clock is to move: `/forward 8h`, `90m` or `2d3h`.")
    by = _duration(rest.lower().replace(" ", ""))
    if by is None:
        raise Refusal(
            f"`{rest[:40]}` is not a length of time. Type one such as `/forward 8h`, `90m` or `2d3h`."
        )
    if by <= timedelta(0):
        raise Refusal("The clock only moves forward. Type a length above zero, such as `/forward 8h`.")
    if by > LONGEST:
        raise Refusal(f"The clock moves at most {LONGEST.days} days at once. Try `/forward {LONGEST.days}d`.")
    return Forward(by)


def _duration(text: str) -> timedelta | None:
    # durationpy passes over what stands between two parts, so the whole is checked first.
    if not DURATION.fullmatch(text):
        return None
    try:
        return from_str(text)
    except DurationError:
        return None


COMMANDS = {
    "/llmq": TypedCommand("/llmq …", "a command of the bot; /llmq help lists them", Say),
    "/as": TypedCommand("/as NAME", "speak as another member; /as you goes back", name_in),
    "/forward": TypedCommand(
        "/forward 8h", "move the clock (90m, 8h, 1d, 2d3h)", duration_in, ("1h", "8h", "1d")
    ),
    "/cancel": TypedCommand("/cancel", "leave a form without sending it", lambda rest: Cancel()),
    "/help": TypedCommand("/help", "show this list", lambda rest: Help()),
    "/quit": TypedCommand("/quit", "leave", lambda rest: Quit()),
}


def understand(line: str, names: Sequence[str] = ()) -> Line:
    """What the line means; `names` are the game's commands, for the advice on a mistyped word."""
    if line.startswith("/"):
        return _command(line, names)
    if NUMBER.fullmatch(line.strip()):
        return Press(int(line))
    return Say("answer", line)


def is_command(line: str) -> bool:
    """Whether the line starts with one of the terminal's own commands."""
    return line.startswith("/") and _word(line) in COMMANDS


def _word(line: str) -> str:
    return line.split(maxsplit=1)[0].lower()


def _command(line: str, names: Sequence[str]) -> Line:
    command = COMMANDS.get(_word(line))
    if command is None:
        raise Refusal(_advice(_word(line), names))
    return command.read(line[len(_word(line)) :].strip())


def _advice(word: str, names: Sequence[str]) -> str:
    known = {f"/{name}": f"/llmq {name}" for name in names} | {own: own for own in COMMANDS}
    near = get_close_matches(word[:40], known, n=1)
    hint = f"Did you mean `{known[near[0]]}`?" if near else "Type `/help` for the commands."
    return f"There is no command `{word[:40]}` here. {hint} To send it as text, put a space before it."
