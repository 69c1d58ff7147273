"""What is kept of a member, why, how long, and who sees it."""

from __future__ import annotations

from bot.commands.parsing import Call, Game
from bot.game.rules import KEPT_ROUND
from bot.messages import Button, Buttons, Heading, Markdown, Reply, say

LINES = (
    "**Who you are:** the id and the name that {platform} shows.",
    "**Your answers,** to show them at the reveal and to compare them: {days} days, then their text goes.",
    "**When you answered,** for streaks, points and boards: as long as your team uses llmq.",
    "**How well you knew a question,** so that it comes back: only you see it.",
    "**Your reminders and days away:** until you change them.",
    "**Before the reveal** nobody sees your answer; after it, everyone in the channel does.",
    "**The boards** show your name and points; `/llmq boards off` takes you off them.",
    "**Taken back** is gone in ten minutes; on the server's disk within a week.",
    "**Nothing is sold or sent** to anyone else by llmq; whoever runs it can read what is stored.",
    "{judge}",
)
NO_JUDGE = "**Key points** are looked for by llmq itself; your answers are sent nowhere for it."
JUDGE = (
    "**Key points** are looked for by a model at {host}: answers that you compare are sent there, without "
    "your name. `/llmq settings` turns that off."
)


async def privacy(game: Game, call: Call) -> Reply:
    """Ten lines, and where to change what can be changed."""
    judge = JUDGE.format(host=game.judge.host) if game.judge else NO_JUDGE
    platform = call.request.channel.platform.capitalize()
    lines = "\n".join(
        f"- {line.format(platform=platform, days=KEPT_ROUND.days, judge=judge)}" for line in LINES
    )
    return say(Heading("Privacy"), Markdown(lines), Buttons((Button("Settings", "settings"),)))
