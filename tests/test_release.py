"""A release: one version, told in the changelog, and packages that carry all that is needed."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from datetime import date
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
HEADINGS = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def build(form: str, folder: Path) -> Path:
    """The project as a `wheel` or an `sdist`, as `make release` builds it."""
    words = (sys.executable, "-m", "hatchling", "build", "-t", form, "-d", str(folder))
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


def test_the_changelog_begins_with_what_is_unreleased_and_then_the_version() -> None:
    unreleased, newest, *_ = HEADINGS
    assert unreleased == "Unreleased"
    assert newest.split(" - ")[0] == PROJECT["project"]["version"]


def test_each_version_in_the_changelog_has_its_day_and_the_newest_stands_first() -> None:
    days = [date.fromisoformat(heading.split(" - ")[1]) for heading in HEADINGS[1:]]
    assert days == sorted(days, reverse=True)


def test_what_is_installed_says_the_version() -> None:
    assert version("llmq") == PROJECT["project"]["version"]


def test_the_wheel_carries_every_file_of_the_packages(tmp_path: Path) -> None:
    packages = PROJECT["tool"]["hatch"]["build"]["packages"]
    files = (path for name in packages for path in (ROOT / name).rglob("*") if path.is_file())
    needed = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    carried = {name for name in ZipFile(build("wheel", tmp_path)).namelist() if ".dist-info/" not in name}
    assert carried == needed


def test_the_same_files_make_the_same_packages(tmp_path: Path) -> None:
    for form in ("wheel", "sdist"):
        one, other = (build(form, tmp_path / form / turn) for turn in ("one", "other"))
        assert one.read_bytes() == other.read_bytes()
