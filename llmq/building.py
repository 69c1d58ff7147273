"""What the composition roots share: the game built from decks, a store and platforms."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.bot import Bot
from bot.commands.parsing import Game
from bot.errors import Refusal
from bot.game.catalogue import Catalogue, restock
from bot.game.judge import Judge
from bot.game.rules import PURGE_AFTER
from bot.platform import Platform
from bot.quotas import Quotas
from bot.store.store import Store
from content.checking import load_decks
from content.deck import Deck
from content.kept import KeptReadings
from content.reading import SHIPPED
from llmq.settings import Settings
from scheduler.clockwork import Clockwork

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The system's clock."""
    return datetime.now(UTC)


def decks_of(settings: Settings) -> tuple[Deck, ...]:
    """The decks to ask from. One with a fault is left out and named in the log, and the others are loaded."""
    decks, fatal = load_decks((SHIPPED, *settings.decks), KeptReadings(settings.data_dir / "cache").read)
    for fault in fatal:
        log.error("a deck is not loaded: %s", fault)
    if not decks:
        raise Refusal("\n".join(("No deck can be loaded. Fix these:", *map(str, fatal))))
    return decks


async def load(store: Store, decks: Sequence[Deck]) -> Catalogue:
    """Bring what is stored, and the decks' shelves, up to date; make the catalogue of what can be asked."""
    await store.migrate()
    shelves = []
    for deck in decks:
        saved = False
        while not saved:
            revision, before = await store.shelf(deck.id)
            shelf = restock(before, deck)
            saved = shelf == before or await store.save_shelf(deck.id, revision, shelf)
        shelves.append((deck, shelf))
    return Catalogue(shelves)


def assemble(
    store: Store,
    catalogue: Catalogue,
    platforms: Mapping[str, Platform],
    clock: Callable[[], datetime],
    rng: random.Random,
    wake: Callable[[], None],
    judge: Judge | None = None,
    purge_after: timedelta = PURGE_AFTER,
    quotas: Quotas | None = None,
) -> tuple[Bot, Clockwork]:
    """The core and the clockwork over the same store."""
    game = Game(store, catalogue, clock, rng, platforms, wake, judge)
    return Bot(game, quotas), Clockwork(store, catalogue, platforms, clock, purge_after)
