"""The command table as Discord's application commands, and what comes of it as the text of a command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import discord

from bot.commands.parsing import Argument, Command, CommandTable, no_choices
from bot.game.catalogue import Catalogue

NAME = "llmq"
ABOUT = "A question on LLM fundamentals a day: answer, practise, keep your streak"
# Discord shows it to those who may manage the server, whom llmq takes for admins; the server's own settings
# of the integration can show it to others.
ADMIN_NAME = "llmq-admin"
ADMIN_ABOUT = "The daily question's schedule, and what only admins may do"
FOR_ADMINS = str(discord.Permissions(manage_guild=True).value)
MOST_CHOICES = 25
LONGEST_CHOICE = 100
LONGEST_DESCRIPTION = 100
# The option by which a file is given.
FILE = "file"
SPACES = str.maketrans("_/", "  ")
SUBCOMMAND = discord.AppCommandOptionType.subcommand.value
GROUP = discord.AppCommandOptionType.subcommand_group.value
STRING = discord.AppCommandOptionType.string.value
ATTACHMENT = discord.AppCommandOptionType.attachment.value
INTEGER = discord.AppCommandOptionType.integer.value

Options = Sequence[Mapping[str, Any]]


def application_commands(table: CommandTable) -> list[dict[str, Any]]:
    """The commands of the application: that of everyone, and that of admins."""
    shown = [command for command in table.commands if not command.hidden]
    members = application_command(NAME, ABOUT, [one for one in shown if one.is_for_members])
    admins = application_command(ADMIN_NAME, ADMIN_ABOUT, [one for one in shown if not one.is_for_members])
    return [members, admins | {"default_member_permissions": FOR_ADMINS}]


def application_command(name: str, about: str, shown: Sequence[Command]) -> dict[str, Any]:
    """A command of the application, with a subcommand or a group for each first word."""
    return {
        "name": name,
        "description": about,
        "type": discord.AppCommandType.chat_input.value,
        "contexts": [0],
        "integration_types": [0],
        "options": [
            option_of(first, list(commands))
            for first, commands in groupby(shown, key=lambda command: command.name.split()[0])
        ],
    }


def option_of(first: str, commands: list[Command]) -> dict[str, Any]:
    """A first word: a subcommand, or a group of those that have it in common."""
    if [command.name for command in commands] == [first]:
        return subcommand(commands[0])
    return {
        "type": GROUP,
        "name": first,
        "description": plain(" · ".join(command.help for command in commands)),
        "options": [subcommand(command) for command in commands],
    }


def subcommand(command: Command) -> dict[str, Any]:
    shown = [argument for argument in command.arguments if not argument.hidden]
    return {
        "type": SUBCOMMAND,
        "name": command.name.split()[-1],
        "description": plain(command.help),
        "options": [*map(option, shown), *(file_option(argument) for argument in shown if argument.file)],
    }


def file_option(argument: Argument) -> dict[str, Any]:
    return {"type": ATTACHMENT, "name": FILE, "description": plain(argument.file), "required": False}


def option(argument: Argument) -> dict[str, Any]:
    """An argument: with its choices where they are few and fixed, else completed while it is typed."""
    made: dict[str, Any] = {
        "type": STRING,
        "name": argument.name,
        "description": plain(argument.help),
        # Or its file.
        "required": not argument.optional and not argument.file,
    }
    if argument.most:
        made |= {"type": INTEGER, "min_value": 1, "max_value": argument.most}
    if argument.values:
        made["choices"] = [{"name": value, "value": value} for value in argument.values]
    elif argument.choices is not no_choices:
        made["autocomplete"] = True
    return made


def plain(words: str) -> str:
    words = words.replace("`", "")
    return words if len(words) <= LONGEST_DESCRIPTION else f"{words[: LONGEST_DESCRIPTION - 1]}…"


def command_text(data: Mapping[str, Any], table: CommandTable) -> str:
    """The text of a command as it would be typed after `/llmq`."""
    names, options = words_of(data["options"])
    command = table.find(names)
    given = {one["name"]: str(one["value"]) for one in options}
    arguments = command.arguments if command else ()
    if file := file_in(data):
        # Its name tells who reads the text what was given.
        given |= {one.name: file["filename"] for one in arguments if one.file and one.name not in given}
    words = (word for one in arguments if one.name in given for word in typed(one, given[one.name]))
    return " ".join((names, *words))


def file_in(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What Discord tells of the file that was given to a command, if one was."""
    _, options = words_of(data["options"])
    ids = [str(one["value"]) for one in options if one["type"] == ATTACHMENT]
    return data["resolved"]["attachments"][ids[0]] if ids else None


def words_of(options: Options) -> tuple[str, Options]:
    """The words that name a subcommand, and the options given to it."""
    names = []
    while options and options[0]["type"] in (SUBCOMMAND, GROUP):
        names.append(options[0]["name"])
        options = options[0].get("options", ())
    return " ".join(names), options


def typed(argument: Argument, value: str) -> Iterator[str]:
    """An option's value as the words of a command; quotes hold together what has spaces in it."""
    if argument.rest:
        yield value
        return
    if argument.announced:
        yield argument.name
    for part in value.split(",") if argument.many else [value]:
        yield '"' + part.strip().replace('"', "") + '"'


def best_first(typed: str, offered: Iterable[str]) -> list[str]:
    """The words that hold what is typed: first those that begin with it, then those with a part that does."""
    wanted = folded(typed)
    found = [(folded(word), word) for word in offered if wanted in folded(word)]

    def rank(pair: tuple[str, str]) -> int:
        return 0 if pair[0].startswith(wanted) else 1 if f" {wanted}" in pair[0] else 2

    return [word for _, word in sorted(found, key=rank)]


def folded(word: str) -> str:
    """As people type it: `America/New_York` is `america new york`."""
    return word.strip().casefold().translate(SPACES)


def completions(
    data: Mapping[str, Any], table: CommandTable, catalogue: Catalogue
) -> list[discord.app_commands.Choice[str]]:
    """What the option that is being typed may become."""
    names, options = words_of(data["options"])
    command, focused = table.find(names), next((one for one in options if one.get("focused")), None)
    known = {argument.name: argument for argument in command.arguments} if command else {}
    argument = known.get(focused["name"]) if focused else None
    if argument is None or focused is None:
        return []
    before, comma, last = focused["value"].rpartition(",") if argument.many else ("", "", focused["value"])
    fitting = best_first(last, argument.offered(catalogue))
    whole = (f"{before}{comma}{' ' if comma else ''}{word}" for word in fitting)
    values = [value for value in whole if len(value) <= LONGEST_CHOICE][:MOST_CHOICES]
    return [discord.app_commands.Choice(name=value, value=value) for value in values]
