"""What is written from the code: the README's tables, Slack's manifest and the example of the settings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from textwrap import wrap

from adapters.slack.manifest import manifest_yaml
from bot.commands.table import TABLE
from bot.game import rules
from bot.game.schedule import describe_duration
from bot.wording import in_letters
from content.reading import SHIPPED, read_decks
from llmq.settings import Settings, settings_table
from tests.faults.cases import (
    AFTER_THE_CLOCK,
    AT_THE_PORT,
    BEFORE_THE_CLOCK,
    CALLS,
    CASES,
    FUZZED,
    FUZZED_AT_THE_PORT,
    KILLS,
    LONG_ANSWERS,
    LONG_REVEAL,
    STEPS,
    TO_THE_SERVER,
    UNDER_A_TOKEN,
)

ROOT = Path(__file__).parents[1]
ENV_HEADER = (
    "Copy this file to .env and keep what you need. README.md lists every setting; docs/slack.md and "
    "docs/discord.md say where the tokens come from."
)

Row = tuple[str, ...]


def documents() -> dict[str, str]:
    """What should stand in each written file, by its path."""
    return {
        "README.md": readme((ROOT / "README.md").read_text()),
        "tests/faults/README.md": with_section(
            (ROOT / "tests/faults/README.md").read_text(), "cases", cases()
        ),
        "slack-manifest.yaml": manifest_yaml(TABLE),
        ".env.example": env_example(),
    }


def readme(text: str) -> str:
    """The README with its tables as they should be, and everything else as it is."""
    sections = {"decks": decks(), "rules": in_short(), "commands": commands(), "settings": settings()}
    for name, section in sections.items():
        text = with_section(text, name, section)
    return text


def with_section(text: str, name: str, section: str) -> str:
    """The text with what stands between a section's marks replaced. Raises ValueError without the marks."""
    marks = re.compile(rf"(<!-- {name}: .*? -->\n).*?(\n<!-- end of {name} -->)", re.DOTALL)
    written, count = marks.subn(lambda found: found[1] + section + found[2], text)
    if count != 1:
        raise ValueError(f"a file needs the marks of {name} once, and has them {count} times")
    return written


def decks() -> str:
    shipped, _ = read_decks([SHIPPED])
    rows = [
        (
            f"`{deck.id}`",
            str(len(deck.questions)),
            ", ".join(dict.fromkeys(each.topic for each in deck.questions)),
        )
        for deck in shipped
    ]
    total = sum(len(deck.questions) for deck in shipped)
    return f"{total} questions in {len(rows)} decks:\n\n{table(('Deck', 'Questions', 'Topics'), rows)}"


def in_short() -> str:
    """The rules of the game, with their numbers."""
    return (
        "**The rules in short.** Answers are hidden until the reveal: when all regulars have answered and "
        f"{describe_duration(rules.MIN_WAIT)} has passed, or after {describe_duration(rules.DEADLINE)} "
        "(`daily reveal` changes that). Late answers count for less, until the next question, and are added "
        f"to the thread. An answer in time earns {rules.IN_TIME} points, a late one {rules.LATE}, grading "
        f"yourself {rules.SELF_GRADE}, practice {rules.PRACTICE} and at most {rules.PRACTICE_A_DAY} a day. "
        "A streak counts a channel's question days, so weekends, holidays and outages break nothing; "
        f"{in_letters(rules.FREEZE_EVERY)} in a row earn a freeze that spends itself on a missed day. "
        "[docs/playing.md](docs/playing.md) has them all, with examples."
    )


def commands() -> str:
    shown = (command for command in TABLE.commands if not command.hidden)
    rows = ((f"`{one.usage}`", one.who, one.help) for one in shown)
    return table(("Command", "Who", "What it does"), rows)


def cases() -> str:
    """How many faults are tried, by kind."""
    by_platform = Counter(case.platform for case in CASES)
    rows = [(f"A fault at a step of a day, {name}", f"{count:,}") for name, count in by_platform.items()]
    rows += [
        ("A process killed at a step of a day", f"{STEPS:,}"),
        ("A process killed at a step of what is done beside a day", f"{len(KILLS):,}"),
        ("A flood or a copy at the HTTP port", str(len(AT_THE_PORT))),
        ("The embedded server killed, or unable to write", str(len(TO_THE_SERVER))),
        ("A clock 400 days ahead", str(len(CALLS) * len(BEFORE_THE_CLOCK) * len(AFTER_THE_CLOCK))),
        ("A token refused for a while", str(len(CALLS) * len(UNDER_A_TOKEN))),
        (f"A reveal of {LONG_REVEAL:,} answers of {LONG_ANSWERS:,} characters", str(len(CALLS))),
        ("Requests of anybody through `Bot.handle`", f"{FUZZED:,}"),
        ("Requests of anybody through the signed HTTP port", f"{FUZZED_AT_THE_PORT:,}"),
    ]
    return table(("What", "Cases"), rows)


def settings() -> str:
    rows = ((f"`{name}`", default, meaning) for name, default, meaning in settings_table())
    return table(("Setting", "Default", "Meaning"), rows)


def table(header: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown."""
    lines = (header, tuple("---" for _ in header), *rows)
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def env_example() -> str:
    """The settings that have an example, each commented out under its meaning."""
    rows = zip(settings_table(), Settings.model_fields.values(), strict=True)
    entries = (
        f"{comment(f'{meaning} (default: {default})'.replace('`', ''))}\n#{name}={example}"
        for (name, default, meaning), field in rows
        for example in field.examples or ()
    )
    return "\n\n".join((comment(ENV_HEADER), *entries)) + "\n"


def comment(text: str) -> str:
    return "\n".join(wrap(text, 100, initial_indent="# ", subsequent_indent="# "))


def main() -> None:
    """Write every file."""
    for path, text in documents().items():
        (ROOT / path).write_text(text)


if __name__ == "__main__":
    main()
