"""What an app says with the token of an interaction after its first answer, for a quarter of an hour."""

from __future__ import annotations

from tests.fakes.discord import posting
from tests.fakes.discord.bodies import faults_of_message
from tests.fakes.discord.call import Here, wire
from tests.fakes.discord.callback import answer
from tests.fakes.discord.errors import refused
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.people import Json
from tests.fakes.discord.places import EPHEMERAL, Message

ORIGINAL = "@original"


def interaction_of(here: Here) -> Interaction:
    """The interaction whose token this is. Before the first answer, there is no such webhook."""
    if here.names["application"] != here.world.app_id:
        raise refused("unknown_webhook")
    interaction = here.world.interactions.get(here.names["token"])
    if not interaction or here.world.now() > interaction.alive:
        raise refused("invalid_webhook_token")
    if not interaction.answered:
        raise refused("unknown_webhook")
    return interaction


def message_of(here: Here, interaction: Interaction) -> Message:
    wanted = here.names.get("message", ORIGINAL)
    mine = [interaction.original] if interaction.original else []
    for message in mine if wanted == ORIGINAL else [*mine, *interaction.messages]:
        if not message.deleted and wanted in (ORIGINAL, message.id):
            return message
    raise refused("unknown_message")


def follow_up(here: Here) -> Json | None:
    """POST /webhooks/{application}/{token}"""
    interaction = interaction_of(here)
    here.check(faults_of_message(here.body, "webhook"))
    first = interaction.original
    message = fill(here, interaction, first) if first and first.loading else add(here, interaction)
    return wire(here, message) if here.call.query.get("wait") in ("1", "true") else None


def fill(here: Here, interaction: Interaction, message: Message) -> Message:
    """After a deferral, the first thing said takes the place of "is thinking", and its visibility with it."""
    asked = bool(int(here.body.get("flags") or 0) & EPHEMERAL)
    if asked and not message.ephemeral_to:
        here.world.warn(f"{interaction.what}: deferred for all to see, and then answered for one alone")
    return posting.edit(here.world, message, here.body, here.files, people_only=True)


def add(here: Here, interaction: Interaction) -> Message:
    message = answer(here.world, interaction, here.body)
    posting.post(here.world, message, here.body, here.files, people_only=True)
    interaction.messages.append(message)
    return message


def get(here: Here) -> Json:
    return wire(here, message_of(here, interaction_of(here)))


def edit(here: Here) -> Json:
    message = message_of(here, interaction_of(here))
    here.check(faults_of_message(here.body, "edit", was_layout=message.layout))
    return wire(here, posting.edit(here.world, message, here.body, here.files, people_only=True))


def delete(here: Here) -> None:
    posting.remove(here.world, message_of(here, interaction_of(here)))
