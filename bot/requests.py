"""What reaches the core: who said what where."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.text import is_printable, printable


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a team. `team` is the platform and its id for the team, such as `slack:T024BE7LD`."""

    team: str
    id: str

    @property
    def platform(self) -> str:
        """The part of `team` before the first colon."""
        return self.team.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a team; the name is the one to show at this moment."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Request:
    """One event from a person.

    `id` is the same whenever the platform delivers the same event again. `text` is a command without
    `/llmq`. `body` is text from a form or a plain reply, taken as it is. `reply_to` is the id of the message
    that a plain reply answers.
    """

    id: str
    channel: Channel
    member: Member
    text: str
    body: str | None = None
    reply_to: str | None = None

    def printable(self) -> Request:
        """The request without what can neither be stored nor shown."""
        if is_printable(self.text, self.body, self.reply_to, self.member.name):
            return self
        body = None if self.body is None else printable(self.body)
        reply_to = None if self.reply_to is None else printable(self.reply_to)
        member = Member(self.member.id, printable(self.member.name))
        return replace(self, text=printable(self.text), body=body, reply_to=reply_to, member=member)
