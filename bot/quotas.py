"""How many commands a member and a team may send in a minute: nobody keeps the others from playing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from bot.errors import Refusal
from bot.requests import Request

MINUTE = 60
MEMBER_SENT = "You sent more than {most:,} commands within a minute. Go on in {seconds} seconds."
TEAM_SENT = "This team sent more than {most:,} commands within a minute. Go on in {seconds} seconds."


@dataclass
class Quotas:
    """Counts by the minute of the clock, for one process: what is over costs no look at the store."""

    member: int
    team: int
    _minute: int = 0
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def take(self, request: Request, now: datetime) -> None:
        """Count a command. Raises a refusal that says when to go on, if it is one too many."""
        minute, second = divmod(int(now.timestamp()), MINUTE)
        if minute != self._minute:
            self._minute, self._counts = minute, Counter()
        team = request.channel.team
        for key, most, words in (
            ((team, request.member.id), self.member, MEMBER_SENT),
            ((team, ""), self.team, TEAM_SENT),
        ):
            self._counts[key] += 1
            if self._counts[key] > most:
                raise Refusal(words.format(most=most, seconds=MINUTE - second))
