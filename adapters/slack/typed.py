"""What a member typed, from what Slack made of it: links, mentions and entities as codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Match = re.Match[str]
Named = Callable[[str, str], str]

ENTITY = re.compile(r"&(amp|lt|gt);")
CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}
# Only what Slack writes: where it was not told to escape, a command has `<b>` and `<!doctype>` as typed.
CODE = re.compile(
    r"<(?:@(?P<user>[UW][A-Z0-9]+)"
    r"|#(?P<channel>[CDG][A-Z0-9]+)"
    r"|!(?P<special>here|channel|everyone|subteam\^\w+|date\^[^|>]*)"
    r"|(?P<link>(?:mailto:|tel:|[a-z][a-z0-9+.-]*://)[^|>\s]+))"
    r"(?:\|(?P<label>[^>]*))?>"
    rf"|{ENTITY.pattern}"
)


def mentioned(text: str) -> dict[str, str]:
    """The ids of the members whose codes stand in a text, each with the handle that stands there, if any."""
    return {code["user"]: code["label"] or "" for code in CODE.finditer(text) if code["user"]}


def as_typed(text: str, names: Mapping[str, str]) -> str:
    """The text that was typed, members by their names."""
    return CODE.sub(
        lambda code: typed(code, lambda user, label: f"@{names.get(user) or label or user}"), text
    )


def with_mentions(text: str, names: Mapping[str, str]) -> str:
    """The same of a command, which needs to know who is meant: members as `bot.requests.MENTION` has them."""

    def named(user: str, label: str) -> str:
        return f"<@{user}|{(names.get(user) or label).replace('>', '')}>"

    return CODE.sub(lambda code: group(code) or typed(code, named), text)


def group(code: Match) -> str:
    """A user group as `bot.requests.MENTION` has it, if the code is one."""
    kind, _, id = (code["special"] or "").partition("^")
    name = unescaped(code["label"] or "").removeprefix("@").replace(">", "")
    return f"<@&{id}|{name}>" if kind == "subteam" else ""


def typed(code: Match, named: Named) -> str:
    """What stood in the place of one code."""
    label = unescaped(code["label"] or "")
    if code["user"]:
        return named(code["user"], label)
    if code["channel"]:
        return f"#{label or code['channel']}"
    if code["special"]:
        return label or f"@{code['special']}"
    return link(unescaped(code["link"]), label) if code["link"] else unescaped(code[0])


def link(address: str, label: str) -> str:
    """An address that Slack recognised, or a label and the address behind it."""
    return f"{label} ({address})" if label and not address.endswith(label) else label or address


def unescaped(text: str) -> str:
    return ENTITY.sub(lambda entity: CHARACTERS[entity[1]], text)
