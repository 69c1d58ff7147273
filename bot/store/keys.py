"""The names of all keys of the core: each is here once, with what it holds.

A team's keys start with `llmq:{<team>}`, so that all of them lie in one slot and a script may make names from
it. Moments are milliseconds since 1970, days whole days since 1970. What names a member is read and erased
by bot/store/lua/traces.lua: a new key with a member, or a word of one, belongs there too.

    :team                   hash   version of what is stored, home (the channel whose zone the team's days
                                   follow), utc_offset (milliseconds), left (when llmq was taken out of it)
    :channel:<channel>      hash   schedule (JSON), round (newest id), now (day asked for), note (why it is
                                   paused), paused_by (whose name that is), warned (that the deck runs
                                   out), gone (missing sources that the admin knows of), seed, lap and
                                   lap_since (of its order), ahead (what comes next), queue (what admins
                                   put before that), unanswered (rounds in a
                                   row), excuses (how often a day was excused), refused_since (that the
                                   platform refuses llmq), recapped (day of the newest recap),
                                   drawn (the revision of the team's own deck with which it was looked
                                   what comes next), pin (JSON: which question's post is pinned, or may
                                   be), untold (the round before, while its reveal is told behind the
                                   next question)
    :scheduled              set    channels that have a schedule
    :asked:<channel>        zset   question id by the moment it was last asked
    :days:<channel>         zset   question days
    :excused:<channel>      hash   day -> x (by an admin) or d (llmq was down)
    :round:<round>          hash   one round; prompt and reference are the text it was asked with; credit
                                   and credit_by say who suggested it
    :answers:<round>        hash   member -> JSON of the answer in force
    :acts:<round>           hash   member -> JSON of what they did beside it, until the round closes
    :order:<round>          zset   members with an answer in time by its moment, until the round is closed
                                   and told
    :late:<round>           zset   members whose late answer is to be posted, changed or deleted
    :regulars:<round>       set    members whose answers the reveal waits for
    :read:<round>           hash   member -> when they read the reference without an answer
    :withdrawn:<round>:<m>  string a text that was taken back, for some minutes
    :message:<channel>:<id> string the round whose question is in that message
    :reply:<channel>:<id>   string round and member of a reply in a thread, or when it was deleted before it
                                   came
    :open                   hash   prompt hash -> round and question id -> round, while answers are blind
    :ahead                  hash   question id -> how many channels ask it soon
    :member:<member>        hash   name, answered, practice_day and practice, away, away_at and absences (how
                                   often it changed), hidden and boards_at, note:<channel> (what is to be
                                   told of a streak), review_day, reviewed, reminders (JSON, with each
                                   field's moment), reminded:<kind> (a day)
    :streaks:<member>       hash   channel -> streak, packed as bot/store/lua/common.lua says
    :ledger:<member>        hash   channel -> settled days, packed likewise
    :questions:<member>     hash   question id -> what the member has had of it, packed likewise
    :places:<member>        set    channels without a streak of theirs in which they have had points
    :practised:<member>     zset   question id by the moment it was last shown
    :learnt:<member>        hash   question id -> JSON of how well it is remembered (bot/game/memory.py)
    :due:<member>           zset   question id by the moment it comes back
    :attempt:<member>       string JSON of the last answer in practice or review, for some days
    :hint:<round>           set    members who used its hint
    :hinted:<member>        string the practice question whose hint the member used last, for some days
    :proposals              list   JSON of words that members say a key point had, newest first
    :interview:<member>     string JSON of a mock interview (bot/game/interview.py)
    :notes:<member>         zset   JSON of what the member is to be told (bot/game/reminders.py), by moment
    :wants:<kind>           set    members who want to be told of each round: deadline, reveal
    :planned:<kind>:<round> set    members for whom that is planned
    :flags                  hash   id -> JSON of a flag that waits (bot/game/flags.py)
    :flagged                zset   ids of those flags by their moments
    :log:<channel>          list   JSON of acts of its admins (bot/game/acts.py), newest first
    :settled                list   JSON of settled flags, newest first
    :retired                hash   question id -> when the team's admins retired it
    :suggestions            hash   id -> JSON of a suggested question that waits (bot/game/suggestions.py)
    :suggested              zset   ids of those by their moments
    :reviewers              hash   member -> name of those who may settle suggestions beside the admins
    :admins                 hash   member -> name of those whom the admins let do what they may
    :draft:<member>         string moment of the newest act on what a member wrote in a form, and JSON of
                                   that (none where it was sent or dropped), for some days
    :deck                   hash   revision of the team's own deck, and q:<id> -> JSON of a question of it
    :versions:<id>          list   what such a question was before: when it changed, and JSON, newest first
    :credits                hash   question id -> JSON of who suggested it (bot/game/suggestions.py)
    :board:<board>          zset   the team's members by points; week:<n>, month:<yyyy-mm>, all, streak
    :board:<board>@<channel>       the same of a channel; `:hidden` behind either for who left the boards
    :exported:<member>      string that their data was gathered a short while ago
    :install                string the token of a Slack workspace, encrypted (adapters/slack/installs.py);
                                   :turn behind it for a minute while a process renews it
    :erasing                hash   member -> the moment up to which all of theirs is to be erased
    :erased:<sha1>          string that moment for some days, under the hash of the member's id
    :request:<id>           string points that a request for practice earned, or the moment it first came, or
                                   that of a flag or suggestion which is settled, or of the newest
                                   act on a question of the team's, or of a note that was asked for

Others: the due queue `llmq:{due:<platform>:<slot>}` (bot/store/due.py), the heartbeat
`llmq:{beat:<platform>}` (bot/store/heartbeat.py), a deck's shelf `llmq:{deck:<id>}`, the version
`llmq:{schema}` and who brings all up to it, `llmq:{schema}:lock`, `llmq:{rewritten}`
(bot/store/file.py), `llmq:{swept}` (bot/store/retention.py), a judge's findings
`llmq:{judge}:…` (bot/store/verdicts.py), the Slack workspaces that have installed a shared app,
`llmq:{installed}`, and the states of such installations that were used, `llmq:{installing:…}`
(adapters/slack/installs.py), and the terminal's clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from bot.requests import Channel

DUE_SLOTS = 8
# What the fields of a team's own questions begin with.
OWN = "q:"
CLOCK = "llmq:{console:local}:clock"


def team_prefix(team: str) -> str:
    """What every key of a team starts with."""
    return f"llmq:{{{team}}}"


def due_key(platform: str, slot: int) -> str:
    """The part of a platform's due queue that a slot holds."""
    return f"llmq:{{due:{platform}:{slot}}}"


def due_member(channel: Channel) -> str:
    return f"{channel.team} {channel.id}"


def own_field(name: str) -> str:
    """The id of the question that a field of the team's own deck holds."""
    return name.removeprefix(OWN)


def member_turn(team: str, member: str) -> Channel:
    """What stands for a member in the due queue: no platform's channel begins with `@`."""
    return Channel(team, f"@{member}")


def is_member_turn(channel: Channel) -> bool:
    return channel.id.startswith("@")


def team_turn(team: str) -> Channel:
    """What stands for a team in the due queue, once llmq was taken out of it."""
    return Channel(team, "~")


def is_team_turn(channel: Channel) -> bool:
    return channel.id == "~"


def channel_of(member: str) -> Channel:
    """The channel that `due_member` named."""
    team, _, id = member.partition(" ")
    return Channel(team, id)


def due_slot(channel: Channel) -> str:
    return due_key(channel.platform, crc32(due_member(channel).encode()) % DUE_SLOTS)


def due_keys(platforms: Iterable[str]) -> list[str]:
    return [due_key(platform, slot) for platform in platforms for slot in range(DUE_SLOTS)]


def deck_key(deck: str) -> str:
    return f"llmq:{{deck:{deck}}}"
