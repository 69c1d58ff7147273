"""Questions by what people call them: a deck, a topic, an alias, or words of the question itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, reduce
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from content.stems import STOP_WORDS, stem
from content.words import normalised, words

if TYPE_CHECKING:
    from bot.game.catalogue import Item

# Of a hundred letters so many alike: `rlhg` is `rlhf`, and `cats` is nothing.
ALIKE = 60

Ids = tuple[str, ...]


class Finder:
    """What each question is called. Names and words are looked up, so that more questions cost nothing."""

    def __init__(self, items: Iterable[Item], titles: Mapping[str, str]) -> None:
        self._items = tuple(items)
        self._titles = titles

    def found(self, about: str) -> Ids:
        """The ids of the questions of that name, else with all of these words, else of any of these names."""
        return self._named(about) or self._with_all(about) or self._of_each(about.split())

    def nearest(self, about: str, most: int) -> list[str]:
        """The names that stand in a text, then those most like it, as they are written."""
        held = [word for word in about.split() if self._named(word)]
        near = process.extract(
            about.casefold(),
            self._written,
            scorer=fuzz.ratio,
            score_cutoff=ALIKE,
            limit=most,
        )
        return list(dict.fromkeys((*held, *(name for _, _, name in near))))[:most]

    def _named(self, about: str) -> Ids:
        return self._names.get(normalised(about), ())

    def _with_all(self, about: str) -> Ids:
        """The questions in whose prompts and names all content words stand."""
        held = [self._words.get(each, {}) for each in stems_in(about)]
        return tuple(reduce(lambda some, more: {id: None for id in some if id in more}, held)) if held else ()

    def _of_each(self, names: list[str]) -> Ids:
        """The questions of several names, if each is one."""
        named = [self._named(name) for name in names]
        return tuple(dict.fromkeys(id for ids in named for id in ids)) if all(named) else ()

    @cached_property
    def _names(self) -> Mapping[str, Ids]:
        """Ids by name, whatever its case, spaces and hyphens are."""
        ids: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for item in self._items:
            for name in names_of(item, self._titles):
                ids[normalised(name)][item.id] = None
        return {name: tuple(each) for name, each in ids.items() if name}

    @cached_property
    def _written(self) -> Mapping[str, str]:
        """Each name once, as it is written first, and the same without capitals."""
        written: dict[str, str] = {}
        for item in self._items:
            for name in names_of(item, self._titles):
                written.setdefault(normalised(name), name)
        return {name: name.casefold() for name in written.values()}

    @cached_property
    def _words(self) -> Mapping[str, Mapping[str, None]]:
        """Ids by the stem of a word. For ten thousand questions it takes a while, so only when needed."""
        ids: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for item in self._items:
            for text in (item.question.prompt, *names_of(item, self._titles)):
                for each in stems_in(text):
                    ids[each][item.id] = None
        return ids


def names_of(item: Item, titles: Mapping[str, str]) -> Iterator[str]:
    """What a question is called: its deck, its topic and its aliases."""
    yield item.question.topic
    yield item.deck
    yield titles[item.deck]
    yield from item.question.aliases


def stems_in(text: str) -> list[str]:
    """The stems of a text's content words."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]
