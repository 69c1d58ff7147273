"""What the core says, free of any platform: blocks, messages and forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of plain text that stands out."""

    text: str


@dataclass(frozen=True, slots=True)
class Markdown:
    """CommonMark written by llmq or by a deck's author, never by a member."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A person's own words, shown as typed: never formatted, never linked, never a mention."""

    author: str
    text: str
    button: Button | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """Short pairs of a plain label and a plain value."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain cells; names of people in it notify nobody. `own` is the row to mark as the reader's."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Plain text whose columns line up, such as a calendar of weeks."""

    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Words and a length from 0 to 1: the words alone are enough."""

    words: str
    share: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A list of bars, whose words stand before them."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two parts."""


# Discord's custom_id has 100 characters; eight name the server in a direct message.
LONGEST_COMMAND = 92


@dataclass(frozen=True, slots=True)
class Button:
    """A command the member need not type: what would stand after `/llmq`.

    `command` has LONGEST_COMMAND characters at most, `label` 75 (Slack's button). One of `danger` does what
    cannot be undone; its label says so.
    """

    label: str
    command: str
    primary: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of one to five buttons."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Footnote:
    """Small plain text under the rest."""

    text: str


@dataclass(frozen=True, slots=True)
class Ping:
    """Whom a message calls: one group by its id on the platform and its name, or without them who is here.

    It is the only thing by which llmq calls anybody; an adapter lets through this one mention and no other.
    """

    group: str = ""
    name: str = ""

    @property
    def words(self) -> str:
        return f"@{self.name or 'group'}" if self.group else "@here"


Block = Heading | Markdown | Quote | Fields | Table | Grid | Bars | Divider | Buttons | Footnote | Ping


@dataclass(frozen=True, slots=True)
class Tick:
    """The mark on a reply in a thread that says that it counts: to be set, or taken off.

    `message` stands in the channel or in the thread of `question`, the post that it answers.
    """

    channel: str
    message: str
    on: bool
    question: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A text under a name, for one member alone; all of it may be a person's words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks in order. The asker alone sees a private one; a refused one says why nothing was done.

    `ticks` are set and taken off beside it. One without blocks is not shown. `notice` is its text in a
    notification, else its first sentence; no notice holds an answer. `away`: nothing could be kept, so that
    what asked for it is to be delivered again. One that `edits` takes the place of the message whose button
    asked for it, where the platform can. `field` is the input of a form that a refused one is about.
    `files` go with what one member alone is told (`Platform.tell`).
    """

    blocks: tuple[Block, ...]
    private: bool = True
    refused: bool = False
    ticks: tuple[Tick, ...] = ()
    notice: str = ""
    away: bool = False
    edits: bool = False
    field: str = ""
    files: tuple[File, ...] = ()


InputKind = Literal["line", "text", "choice"]
# The input whose words are the `body` of the request; the name stands in forms that are open, too.
TEXT = "answer"


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a form asks for: a line, a text, or one of two to ten choices.

    `label` has 45 characters at most (Discord). `choices` are pairs of a value and its words. `hint` is
    what an empty field shows, 100 characters at most (Discord). A text has `least` characters at least.
    """

    name: str
    label: str
    kind: InputKind = "text"
    initial: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    hint: str = ""
    least: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A request for one to five inputs, which come back in a request with `command` as its text.

    `title` has 24 characters at most (Slack's modal), `question` is Markdown; beside five inputs it is plain
    and has 100 characters at most (Discord's modal has five parts).
    """

    title: str
    question: str
    command: str
    inputs: tuple[Input, ...]


Reply = Message | Form
CHANNEL_LINK = "channel:"
# A link to the thread of a message: `thread:<channel>/<message>`.
THREAD_LINK = "thread:"
# A moment within Markdown, a field or a footnote: `\ue000<unix seconds>|<style>|<words>\ue001`.
MOMENT = re.compile("\ue000(?P<unix>\\d+)\\|(?P<style>time|day)\\|(?P<words>[^\ue001]*)\ue001")
MomentStyle = Literal["time", "day"]
# A channel within a heading, a field or a footnote, where there are no links: `\ue002<channel>\ue003`.
CHANNEL = re.compile("\ue002(?P<channel>[^\ue003]*)\ue003")


def say(*blocks: Block) -> Message:
    """A message that only the asker sees."""
    return Message(blocks)


# The reply to what needs none, such as a remark in a thread.
NOTHING = Message(())


def refuse(*blocks: Block) -> Message:
    """A message to the asker alone that says why nothing was done."""
    return Message(blocks, refused=True)


def moment(at: datetime, zone: tzinfo | None, style: MomentStyle = "time") -> str:
    """A moment that each platform shows in its reader's zone, as a time of day or with the day.

    Where a platform cannot, the words stand: the moment in the zone given, with the zone's name.
    """
    local = at.astimezone(zone or UTC)
    words = f"{local:%H:%M}" if style == "time" else f"{local:%a %-d %b, %H:%M}"
    return f"\ue000{int(at.timestamp())}|{style}|{words} ({local.tzname()})\ue001"


def thread_link(channel: str, message: str, words: str) -> str:
    """Markdown that leads to the thread of a message."""
    return f"[{words}]({THREAD_LINK}{channel}/{message})"


def without_moments(text: str) -> str:
    """The text with the words of its moments."""
    return MOMENT.sub(lambda found: found["words"], text)


def in_channel(channel: str) -> str:
    """A channel that each platform names in its own way, in a heading, a field or a footnote."""
    return f"\ue002{channel}\ue003"


def without_channels(text: str) -> str:
    """The text with the ids of its channels, for a platform where they are names."""
    return CHANNEL.sub(lambda found: f"#{found['channel']}", text)


def channel_link(channel: str) -> str:
    """Markdown that names a channel: a link of a scheme that each platform shows in its own way."""
    return f"[#{channel}]({CHANNEL_LINK}{channel})"


def announce(*blocks: Block, notice: str = "") -> Message:
    """A message for the whole channel."""
    return Message(blocks, private=False, notice=notice)
