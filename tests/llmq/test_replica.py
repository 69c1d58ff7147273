"""The name of a process: its own again when it is killed and started anew, and never another's too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from llmq.replica import replica_of

HOLDS_ITS_NAME = """
import sys
from pathlib import Path
from llmq.replica import replica_of

with replica_of(Path(sys.argv[1])) as name:
    print(name, flush=True)
    sys.stdin.read()
"""


@contextmanager
def process(data_dir: Path) -> Iterator[tuple[Popen[str], str]]:
    """A process that holds its name until it is killed, and the name."""
    with Popen([sys.executable, "-c", HOLDS_ITS_NAME, data_dir], stdin=PIPE, stdout=PIPE, text=True) as one:
        assert one.stdout
        yield one, one.stdout.readline().strip()
        one.kill()


def test_a_process_that_is_killed_has_its_name_again(data_dir: Path) -> None:
    names = []
    for _ in range(2):
        with process(data_dir) as (_, name):
            names.append(name)
    assert names[0]
    assert names[0] == names[1]


def test_processes_of_one_data_folder_have_names_of_their_own(data_dir: Path) -> None:
    with process(data_dir) as (_, first), process(data_dir) as (killed, second), replica_of(data_dir) as own:
        assert len({first, second, own}) == 3
        killed.kill()
        killed.wait()
        with process(data_dir) as (_, again):
            assert again == second


def test_a_folder_that_cannot_be_written_gives_a_new_name_each_time(tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.touch()
    with replica_of(no_folder) as first, replica_of(no_folder) as second:
        assert first != second
