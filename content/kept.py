"""Decks as they were read and checked, kept in a folder: anew, ten thousand questions take half a minute."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from content.checking import checked
from content.deck import Deck, Fault
from content.reading import Reading, read_text

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a file; `key` is of its text, its path and the code that read it."""

    key: str
    deck: Deck
    faults: tuple[Fault, ...]


KEPT = TypeAdapter(Kept)


@dataclass(frozen=True, slots=True)
class KeptReadings:
    """Reads decks, an unchanged one from what is kept. A folder that cannot be used costs time, no more."""

    folder: Path

    def read(self, path: Path) -> Reading:
        text = read_text(path)
        if isinstance(text, Fault):
            return None, (text,)
        key = sha256("\0".join((code(), str(path), text)).encode()).hexdigest()
        file = self.folder / f"{sha256(str(path).encode()).hexdigest()[:16]}.json"
        if (kept := self._load(file)) and kept.key == key:
            return kept.deck, kept.faults
        deck, faults = checked(text, path)
        self._save(file, Kept(key, deck, faults))
        return deck, faults

    def _load(self, file: Path) -> Kept | None:
        try:
            return KEPT.validate_json(file.read_bytes())
        except (OSError, ValidationError):
            return None

    def _save(self, file: Path, kept: Kept) -> None:
        new = file.with_suffix(".new")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            new.write_bytes(KEPT.dump_json(kept))
            new.replace(file)
        except OSError as fault:
            log.debug("a deck as it was read is not kept: %s", fault.strerror)


@cache
def code() -> str:
    """What stands for the code that reads decks: another version may read them otherwise."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
