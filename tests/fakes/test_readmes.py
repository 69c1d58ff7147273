"""The examples in the stand-ins' READMEs, run as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_the_example_in_the_readme_works(platform: str) -> None:
    example = re.search(r"```python\n(.*?)```", (FOLDER / platform / "README.md").read_text(), re.DOTALL)
    assert example
    names: dict[str, Any] = {}
    exec(compile(example[1], f"{platform}/README.md", "exec"), names)
    await names["main"]()
