"""The locks name all that is installed, so that setting up decides nothing."""

from __future__ import annotations

import re
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
EXTRAS: dict[str, set[str]] = {
    "requirements.txt": set(),
    "requirements-judge.txt": {"judge"},
    "requirements-dev.txt": {"dev"},
}
LOCKS = tuple(EXTRAS)


def pinned(lock: str) -> dict[str, Requirement]:
    """The lock's requirements by their canonical names."""
    lines = re.findall(r"^([a-z0-9][^\\\n]*)", (ROOT / lock).read_text(), re.MULTILINE | re.IGNORECASE)
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each for each in found}


def serves(pin: Requirement, wanted: Requirement) -> bool:
    version = next(iter(pin.specifier)).version
    return wanted.extras <= pin.extras and wanted.specifier.contains(version, prereleases=True)


def missing(lock: dict[str, Requirement], name: str, extras: set[str]) -> list[str]:
    """What a package asks for, on this machine, that the lock does not give it."""
    lacks = []
    for line in requires(name) or ():
        wanted = Requirement(line)
        environments = [{"extra": extra} for extra in ("", *extras)]
        if wanted.marker and not any(wanted.marker.evaluate(each) for each in environments):
            continue
        found = lock.get(canonicalize_name(wanted.name))
        if found is None or not serves(found, wanted):
            lacks.append(f"{name} wants {wanted}, the lock has {found}")
    return lacks


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_all_that_its_packages_ask_for_with_their_extras(name: str) -> None:
    lock = pinned(name)
    lacks = missing(lock, "llmq", EXTRAS[name])
    for package, pin in lock.items():
        if pin.marker and not pin.marker.evaluate():
            continue
        lacks += missing(lock, package, pin.extras)
    assert not lacks


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_one_release_with_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    for pin in pinned(name).values():
        assert [each.operator for each in pin.specifier] == ["=="]
    assert text.count("--hash=sha256:") > len(pinned(name))
    assert "://" not in text


@pytest.mark.parametrize("name", LOCKS[1:])
def test_every_lock_installs_the_releases_of_the_first(name: str) -> None:
    run, other = pinned(LOCKS[0]), pinned(name)
    assert {name: str(other[name].specifier) for name in run} == {
        name: str(pin.specifier) for name, pin in run.items()
    }


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile"])
def test_locks_are_installed_without_a_resolver(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if "--require-hashes" in line]
    assert lines
    for line in lines:
        assert "--no-deps" in line or "$(INSTALL)" in line
    if name == "Makefile":
        assert re.search(r"^INSTALL := .*--no-deps", (ROOT / name).read_text(), re.MULTILINE)
