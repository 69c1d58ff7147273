"""Who settles suggestions beside the team's admins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.commands.daily_status import names_of
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.rules import MOST_REVIEWERS
from bot.messages import Block, Button, Buttons, Fields, Markdown, Reply, say
from bot.requests import MENTION, Member
from bot.wording import as_code

NONE = "none"
HOW = "Write it like `/llmq daily reviewers @Ana @Bo`, or `none` for admins alone."
UNKNOWN = "llmq knows no member {name}. Type `@` and choose the name from the list, so that it is a mention."
NO_MEMBER = f"Name members, not groups. {HOW}"
MANY = f"At most {MOST_REVIEWERS} members may review."
OVERTAKEN = "Somebody named others since. See `/llmq daily status`."
WORD = re.compile(rf"{MENTION.pattern}|[^\s,]+")
TYPED = re.compile(r"@(?P<name>[\w.-]+)")


async def reviewers(game: Game, call: Call) -> Reply:
    """Let these members settle suggestions, and no others but admins."""
    team, typed = call.request.channel.team, call.words["members"].strip()
    members = [] if typed.casefold() == NONE else await members_in(game, team, typed)
    if not await game.store.reviewers.name(team, members, *call.moment):
        raise Refusal(OVERTAKEN)
    return say(*reviewer_blocks(await game.store.reviewers.of(team)))


def reviewer_blocks(members: Sequence[Member]) -> Iterator[Block]:
    """Who reviews. The log keeps the first sentence, so it names nobody."""
    if not members:
        yield Markdown("**Only admins review suggestions.**")
        return
    review = "member reviews" if len(members) == 1 else "members review"
    yield Markdown(f"**{len(members)} {review} suggestions, beside the admins.**")
    yield Fields((("Reviewers", names_of(members)),))
    yield Buttons((Button("Suggestions", "suggestions"),))


async def members_in(game: Game, team: str, typed: str) -> list[Member]:
    """The members whom somebody names. Raises a refusal for what is none, and for too many."""
    found = {one.id: one for word in WORD.finditer(typed) for one in [await member_in(game, team, word[0])]}
    if len(found) > MOST_REVIEWERS:
        raise Refusal(MANY)
    return list(found.values())


async def member_in(game: Game, team: str, word: str) -> Member:
    if mention := MENTION.fullmatch(word):
        # A group's id begins with a mark.
        if not mention["id"].isalnum():
            raise Refusal(NO_MEMBER)
        return Member(mention["id"], mention["name"] or await game.store.name_of(team, mention["id"]))
    if not (found := TYPED.fullmatch(word)):
        raise Refusal(HOW)
    # Where members are known by their names. Elsewhere a name that is no mention may be anybody's.
    id = found["name"].lower()
    if not (name := await game.store.name_of(team, id)):
        raise Refusal(UNKNOWN.format(name=as_code(word)))
    return Member(id, name)
