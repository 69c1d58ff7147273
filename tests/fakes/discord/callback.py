"""The first answer to an interaction: it has three seconds, and there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.discord import posting
from tests.fakes.discord.bodies import faults_of_message
from tests.fakes.discord.call import Here, wire
from tests.fakes.discord.errors import refused
from tests.fakes.discord.forms import faults_of_modal
from tests.fakes.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Interaction, Modal
from tests.fakes.discord.people import Json
from tests.fakes.discord.places import EPHEMERAL, FROM_COMMAND, LOADING, NORMAL, Message
from tests.fakes.discord.schema import (
    At,
    Wrong,
    anything,
    integer,
    listing,
    number,
    shape,
    string,
)
from tests.fakes.discord.world import World

SAY, THINK, LEAVE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: {SAY, THINK, MODAL},
    COMPONENT: {SAY, THINK, LEAVE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    SUBMIT: {SAY, THINK},
}
ENVELOPE = shape({"type": integer(1)}, {"data": anything})
DEFERRAL = shape({}, {"flags": integer(0)})


def choice_value(value: Any, at: At) -> Iterator[Wrong]:
    yield from (string(100) if isinstance(value, str) else number)(value, at)


SUGGESTIONS = shape(
    {
        "choices": listing(
            shape({"name": string(100), "value": choice_value}, {"name_localizations": anything}), 25
        )
    }
)


def respond(here: Here) -> Json | None:
    """POST /interactions/{id}/{token}/callback"""
    interaction = found(here)
    here.fits(ENVELOPE)
    kind, told = here.body["type"], here.body.get("data") or {}
    here.check(faults_of_kind(interaction, kind))
    match kind:
        case 4:
            say(here, interaction, told)
        case 5:
            think(here, interaction, told)
        case 6:
            interaction.original = interaction.source
        case 7:
            update(here, interaction, told)
        case 8:
            here.check(SUGGESTIONS(told, ("data",)))
            interaction.choices = told["choices"]
        case 9:
            here.check(faults_of_modal(told))
            interaction.modal = Modal(told, interaction)
    interaction.answered = kind
    here.world.changed()
    return described(here, interaction, kind) if here.call.query.get("with_response") else None


def found(here: Here) -> Interaction:
    """The interaction, if it waits for an answer still."""
    interaction = here.world.interactions.get(here.names["token"])
    if not interaction or interaction.id != here.names["interaction"]:
        raise refused("unknown_interaction")
    if interaction.answered:
        raise refused("already_acknowledged")
    if interaction.failure or here.world.now() > interaction.in_time:
        interaction.failure = interaction.failure or "the first answer came after three seconds"
        here.world.changed()
        raise refused("unknown_interaction")
    return interaction


def faults_of_kind(interaction: Interaction, kind: int) -> Iterator[Wrong]:
    """A form opens no form, and only what began at a message can change it."""
    allowed = set(ALLOWED[interaction.kind])
    if interaction.kind == SUBMIT and interaction.source:
        allowed |= {LEAVE, UPDATE}
    if kind not in allowed:
        yield Wrong(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {allowed}.")


def say(here: Here, interaction: Interaction, told: Json) -> None:
    here.check(faults_of_message(told, "answer", ("data",)))
    message = answer(here.world, interaction, told)
    interaction.original = posting.post(here.world, message, told, here.files, people_only=True)
    interaction.messages.append(message)


def think(here: Here, interaction: Interaction, told: Json) -> None:
    """A message that says the app is thinking, for all or for one; that is settled with it."""
    here.check(DEFERRAL(told, ("data",)))
    message = answer(here.world, interaction, told)
    message.flags |= LOADING
    interaction.original = message
    interaction.messages.append(message)
    posting.stand(here.world, message)


def update(here: Here, interaction: Interaction, told: Json) -> None:
    assert interaction.source
    here.check(faults_of_message(told, "answer", ("data",), interaction.source.layout))
    posting.edit(here.world, interaction.source, told, here.files, people_only=True)
    interaction.original = interaction.source


def answer(world: World, interaction: Interaction, told: Json) -> Message:
    """A fresh message in answer, not yet written."""
    message = Message(world.new_id(), interaction.channel, world.bot, world.now())
    message.kind = FROM_COMMAND if interaction.kind == COMMAND and not interaction.messages else NORMAL
    message.application_id, message.asked_by = world.app_id, interaction.metadata
    if int(told.get("flags") or 0) & EPHEMERAL:
        message.ephemeral_to = interaction.user
        message.flags |= EPHEMERAL
    return message


def described(here: Here, interaction: Interaction, kind: int) -> Json:
    """What with_response asks for."""
    own: Json = {"id": interaction.id, "type": interaction.kind}
    resource: Json = {"type": kind}
    if kind in (SAY, THINK, UPDATE) and (message := interaction.original):
        resource["message"] = wire(here, message)
        own |= {"response_message_id": message.id, "response_message_loading": message.loading}
        own["response_message_ephemeral"] = message.ephemeral_to is not None
    return {"interaction": own, "resource": resource}
