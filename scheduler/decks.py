"""A team's own questions, as an admin asked for them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.game.exports import Export, ExportForm, exported
from bot.game.holdings import MOST_AT_ONCE
from bot.messages import Markdown, Message, say
from bot.store.store import Store

KEPT_BACK = "{are} open or {come} soon, and left out. Export again after the reveal."


@dataclass(frozen=True)
class TeamDecks:
    """Works in a member's turn; what dies in the middle begins again."""

    store: Store

    async def export(self, team: str, form: ExportForm, part: int) -> tuple[Message, bool]:
        """A part of the team's questions for one who asked, and whether there are more."""
        _, shelf = await self.store.own.shelf(team)
        # Behind the shelf: what has come up since is left out.
        kept_back = await self.store.own.kept_back(team)
        whole = exported(shelf, kept_back, form, MOST_AT_ONCE)
        part = min(part, max(len(whole.files) - 1, 0))
        more = part + 1 < len(whole.files)
        return replace(say(Markdown(words_of(whole, part))), files=whole.files[part : part + 1]), more


def words_of(whole: Export, part: int) -> str:
    words = f"**The team's own questions:** {whole.count}."
    if len(whole.files) > 1:
        words += f" Part {part + 1} of {len(whole.files)}."
    if whole.kept_back:
        few = whole.kept_back == 1
        rest = KEPT_BACK.format(are="is" if few else "are", come="comes" if few else "come")
        words += f" {whole.kept_back} more {rest}"
    return words
