"""Who may settle suggestions, or do all that admins may, beside those whom the platform knows as admins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.commands.daily_status import names_of
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.rules import MOST_NAMED
from bot.messages import Block, Button, Buttons, Fields, Footnote, Markdown, Reply, say
from bot.requests import MENTION, Member
from bot.store.named import NamedMembers
from bot.wording import as_code

NONE = "none"
HOW = "Write members like `@Ana @Bo`, or `none` for nobody beside the admins."
SHOWN = "Discord hides `/llmq-admin` from them: show it to them in the server's settings, Integrations."
UNKNOWN = "llmq knows no member {name}. Type `@` and choose the name from the list, so that it is a mention."
NO_MEMBER = f"Name members, not groups. {HOW}"
MANY = f"At most {MOST_NAMED} members can be named."
OVERTAKEN = "Somebody named others since. See `/llmq daily status`."
WORD = re.compile(rf"{MENTION.pattern}|[^\s,]+")
TYPED = re.compile(r"@(?P<name>[\w.-]+)")


async def reviewers(game: Game, call: Call) -> Reply:
    """Let these members settle suggestions, and no others but admins."""
    return say(*reviewer_blocks(await name(game, call, game.store.reviewers)))


async def admins(game: Game, call: Call) -> Reply:
    """Let these members do what admins may, beside those whom the platform knows."""
    in_discord = call.request.channel.platform == "discord"
    return say(*admin_blocks(await name(game, call, game.store.admins), in_discord=in_discord))


async def name(game: Game, call: Call, store: NamedMembers) -> Sequence[Member]:
    """Name the members of a command, and no others; who is named now."""
    team, typed = call.request.channel.team, call.words["members"].strip()
    members = [] if typed.casefold() == NONE else await members_in(game, team, typed)
    if not await store.name(team, members, *call.moment):
        raise Refusal(OVERTAKEN)
    return await store.of(team)


def reviewer_blocks(members: Sequence[Member]) -> Iterator[Block]:
    """Who reviews. The log keeps the first sentence, so it names nobody."""
    if not members:
        yield Markdown("**Only admins review suggestions.**")
        return
    review = "member reviews" if len(members) == 1 else "members review"
    yield Markdown(f"**{len(members)} {review} suggestions, beside the admins.**")
    yield Fields((("Reviewers", names_of(members)),))
    yield Buttons((Button("Suggestions", "suggestions"),))


def admin_blocks(members: Sequence[Member], *, in_discord: bool) -> Iterator[Block]:
    """Who administers. The log keeps the first sentence, so it names nobody."""
    if not members:
        yield Markdown("**Only the platform's own admins administer llmq.**")
        return
    may = "member administers" if len(members) == 1 else "members administer"
    yield Markdown(f"**{len(members)} {may} llmq in all channels, beside the platform's admins.**")
    yield Fields((("Admins", names_of(members)),))
    if in_discord:
        yield Footnote(SHOWN)


async def members_in(game: Game, team: str, typed: str) -> list[Member]:
    """The members whom somebody names. Raises a refusal for what is none, and for too many."""
    found = {one.id: one for word in WORD.finditer(typed) for one in [await member_in(game, team, word[0])]}
    if len(found) > MOST_NAMED:
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
