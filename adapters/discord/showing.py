"""How a reply is shown where it was asked for, and what comes back from a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import discord

from adapters.discord.components import parts_of
from adapters.discord.modals import modal_of
from bot.messages import Form, Message, Reply


async def show(interaction: discord.Interaction, reply: Reply) -> None:
    """A form opens; a message is seen by its asker alone or by the channel, anew or in an old one's place."""
    if isinstance(reply, Form):
        await interaction.response.send_modal(modal_of(reply))
        return
    first, *more = parts_of(reply)
    ephemeral = is_ephemeral(interaction, reply)
    if reply.edits and can_edit(interaction, ephemeral=ephemeral):
        await interaction.response.edit_message(view=first)
    else:
        await interaction.response.send_message(view=first, ephemeral=ephemeral)
    for view in more:
        await interaction.followup.send(view=view, ephemeral=ephemeral)


def is_ephemeral(interaction: discord.Interaction, reply: Message) -> bool:
    """Whether others must be kept from seeing a reply; in a direct message there are none."""
    return reply.private and interaction.guild_id is not None


def can_edit(interaction: discord.Interaction, *, ephemeral: bool) -> bool:
    """Whether there is a message with the button that was pressed, for the same eyes as the reply."""
    asked_from = interaction.message
    return asked_from is not None and asked_from.flags.ephemeral == ephemeral


def typed_in(components: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """What stands in a form's fields by their names, wherever they lie."""
    for component in components:
        if "custom_id" in component and "value" in component:
            yield component["custom_id"], component["value"] or ""
        yield from typed_in([component["component"]] if "component" in component else [])
        yield from typed_in(component.get("components", []))
