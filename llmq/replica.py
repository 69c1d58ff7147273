"""By what a process is known among those that share the work: the same when it is started again."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

log = logging.getLogger(__name__)


@contextmanager
def replica_of(data_dir: Path) -> Iterator[str]:
    """A name that no other process has meanwhile.

    Each process of a data folder holds the first place in it that is free, and the system frees the place of
    one that dies. The machine is part of the name, since a folder may be copied to another.
    """
    try:
        name, lock = free_place(data_dir / "replicas")
    except (OSError, NotImplementedError) as fault:
        log.info("this process has a new name at each start, since %s takes no locks (%s)", data_dir, fault)
        yield uuid4().hex
        return
    try:
        yield f"{socket.gethostname()}:{name}"
    finally:
        lock.release()


def free_place(folder: Path) -> tuple[str, FileLock]:
    """The name of the first place that no process holds, and our hold on it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for n in count():
        lock = FileLock(folder / f"{n}.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue
        return named(folder / str(n)), lock
    raise AssertionError("there is always another number")


def named(place: Path) -> str:
    """The name of a place, made when it is first taken."""
    if not place.exists() or not place.read_text():
        place.write_text(uuid4().hex)
    return place.read_text()
