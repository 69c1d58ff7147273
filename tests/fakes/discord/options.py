"""What a person can type into a command: Discord offers what the app has registered, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.discord import commands, payloads, permissions
from tests.fakes.discord.acted import NotPossible
from tests.fakes.discord.cdn import File, give
from tests.fakes.discord.people import Json, Membership, Role, User
from tests.fakes.discord.places import DM, Channel
from tests.fakes.discord.world import World

BRANCHES = (commands.SUBCOMMAND, commands.GROUP)
TYPES: dict[int, type | tuple[type, ...]] = {
    commands.STRING: str,
    commands.INTEGER: int,
    commands.BOOLEAN: bool,
    commands.NUMBER: (int, float),
}
IN_BOT_DM = 1


def registered(world: World, user: User, channel: Channel, name: str) -> Json:
    """The command of this name that this person sees here. One of the guild goes before one for all."""
    if not world.has_bot(channel.guild):
        raise NotPossible("Our bot is not in this guild.")
    lists = [world.commands.get(channel.guild.id, [])] if channel.guild else []
    for command in [one for place in (*lists, world.commands.get(None, [])) for one in place]:
        if command["name"] == name and offered(command, user, channel):
            return command
    raise NotPossible(f"Discord offers {user.name} no command /{name} here.")


def offered(command: Json, user: User, channel: Channel) -> bool:
    if channel.kind == DM:
        contexts = command.get("contexts")
        return IN_BOT_DM in contexts if contexts is not None else command.get("dm_permission") is not False
    if not permissions.may(channel, user, "use_application_commands"):
        return False
    if channel.guild and (command["name"], user.id) in channel.guild.shown:
        return True
    wanted = command.get("default_member_permissions")
    held = permissions.in_channel(channel, user)
    return (
        wanted is None or held == permissions.ALL or (int(wanted) != 0 and held & int(wanted) == int(wanted))
    )


def typed_in(
    world: World,
    user: User,
    channel: Channel,
    path: Sequence[str],
    values: Mapping[str, Any],
    focus: str = "",
) -> Json:
    """The data of a command. `focus` names the option that somebody is typing at the moment."""
    command = registered(world, user, channel, path[0])
    leaf, branches = command, []
    for name in path[1:]:
        leaf = branch(leaf, name)
        branches.append(leaf)
    resolved: Json = {}
    options = [given(world, channel, leaf, name, value, resolved, focus) for name, value in values.items()]
    if not focus:
        complete(leaf, values)
    for one in reversed(branches):
        options = [{"name": one["name"], "type": one["type"], "options": options}]
    own = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
    own |= {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    return own | ({"resolved": resolved} if resolved else {})


def branch(command: Json, name: str) -> Json:
    found = [one for one in command.get("options") or [] if one["type"] in BRANCHES]
    for one in found:
        if one["name"] == name:
            return dict(one)
    offers = ", ".join(one["name"] for one in found) or "none"
    raise NotPossible(f"/{command['name']} has no subcommand {name!r}. There are: {offers}.")


def complete(leaf: Json, values: Mapping[str, Any]) -> None:
    options = leaf.get("options") or []
    if any(one["type"] in BRANCHES for one in options):
        raise NotPossible(f"{leaf['name']} needs one of its subcommands.")
    for one in options:
        if one.get("required") and one["name"] not in values:
            raise NotPossible(f"{leaf['name']} needs the option {one['name']!r}.")


def given(
    world: World, channel: Channel, leaf: Json, name: str, value: Any, resolved: Json, focus: str
) -> Json:
    """One option as it was filled in."""
    option = next((one for one in leaf.get("options") or [] if one["name"] == name), None)
    if not option or option["type"] in BRANCHES:
        raise NotPossible(f"{leaf['name']} has no option {name!r}.")
    own = {"name": name, "type": option["type"]}
    if name == focus:
        if not option.get("autocomplete"):
            raise NotPossible(f"Nothing is offered for the option {name!r}.")
        return own | {"value": str(value), "focused": True}
    return own | {"value": entered(world, channel, option, value, resolved)}


def entered(world: World, channel: Channel, option: Json, value: Any, resolved: Json) -> Any:
    if option["type"] in TYPES:
        fits(option, value)
        return value
    if isinstance(value, File) != (option["type"] == commands.ATTACHMENT):
        raise NotPossible(f"{value!r} is nothing for the option {option['name']!r}.")
    if isinstance(value, File):
        id, told = give(world, channel, value)
        resolved.setdefault("attachments", {})[id] = told
        return id
    kind, id, told = referred(channel, value)
    resolved.setdefault(kind, {})[id] = told
    if kind == "users" and channel.guild and id in channel.guild.members:
        member = channel.guild.members[id].wire(with_user=False) | {"permissions": "0"}
        resolved.setdefault("members", {})[id] = member
    return id


def fits(option: Json, value: Any) -> None:
    """What the window lets through: the right kind, in bounds, and of the choices if there are any."""
    wrong = isinstance(value, bool) and option["type"] != commands.BOOLEAN
    if wrong or not isinstance(value, TYPES[option["type"]]):
        raise NotPossible(f"{value!r} is nothing for the option {option['name']!r}.")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise NotPossible(f"{option['name']!r} is one of {choices}.")
    size = len(value) if isinstance(value, str) else value
    kind = "length" if isinstance(value, str) else "value"
    low, high = option.get(f"min_{kind}"), option.get(f"max_{kind}")
    if (low is not None and size < low) or (high is not None and size > high):
        raise NotPossible(f"{option['name']!r} lies between {low} and {high}.")


def referred(channel: Channel, value: Any) -> tuple[str, str, Json]:
    """Somebody or something that an option points to."""
    thing = getattr(value, "user", value)
    if isinstance(thing, User):
        return "users", thing.id, thing.wire()
    if isinstance(thing, Role):
        return "roles", thing.id, thing.wire()
    if isinstance(thing, Channel):
        return "channels", thing.id, payloads.partial(thing, next(iter(members(channel))).user)
    raise NotPossible(f"{value!r} is nothing that an option can point to.")


def members(channel: Channel) -> list[Membership]:
    assert channel.guild
    return list(channel.guild.members.values())
