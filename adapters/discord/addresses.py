"""Which server a button in a direct message belongs to: it stands in front of the button's command.

A direct message is in no server, and one person may play in several. An address proves nothing of whoever
presses, so that person is looked for in the server before anything is done there.
"""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Block, Button, Buttons, Form, Message, Quote, Reply

# A server's id has eight bytes. Each is one of 256 Chinese signs, which no normalization changes, so that it
# takes no more than eight of the 100 characters of a custom_id, and no command begins with it.
BYTES, FIRST_SIGN, SIGNS = 8, 0x4E00, 256


def team_of(guild: int) -> str:
    """A server as the core knows it."""
    return f"discord:{guild}"


def guild_of(team: str) -> int:
    return int(team.partition(":")[2])


def address(guild: int) -> str:
    return "".join(chr(FIRST_SIGN + byte) for byte in guild.to_bytes(BYTES))


def read_address(custom_id: str) -> tuple[int | None, str]:
    """The server and the command of a button or a form. One that stands in a server names none."""
    signs = [ord(sign) - FIRST_SIGN for sign in custom_id[:BYTES]]
    if len(signs) < BYTES or not all(0 <= sign < SIGNS for sign in signs):
        return None, custom_id
    return int.from_bytes(signs), custom_id[BYTES:]


def addressed(reply: Reply, guild: int) -> Reply:
    """The reply with the server in all its buttons, or in the form's command."""
    if isinstance(reply, Form):
        return replace(reply, command=address(guild) + reply.command)
    return addressed_message(reply, guild)


def addressed_message(message: Message, guild: int) -> Message:
    return replace(message, blocks=tuple(addressed_block(block, guild) for block in message.blocks))


def addressed_block(block: Block, guild: int) -> Block:
    if isinstance(block, Buttons):
        return Buttons(tuple(addressed_button(one, guild) for one in block.buttons))
    if isinstance(block, Quote) and block.button:
        return replace(block, button=addressed_button(block.button, guild))
    return block


def addressed_button(button: Button, guild: int) -> Button:
    return replace(button, command=address(guild) + button.command)
