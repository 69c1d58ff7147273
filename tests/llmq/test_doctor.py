"""The doctor: each thing that is not right is found, and says what to do."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from bot.platform import Finding
from llmq.doctor import examine
from llmq.redis.connection import connected
from llmq.redis.embedded import answers, embedded_server, socket_path, until
from llmq.serving import doctor
from llmq.settings import Settings
from tests.conftest import StartServer
from tests.servers import server_name

TODAY = date(2026, 11, 23)

SECRET = "hunter2-hunter2"


def settings_of(data_dir: Path, redis_url: str | None = None, decks: tuple[Path, ...] = ()) -> Settings:
    return Settings.model_validate({"data_dir": data_dir, "redis_url": redis_url, "decks": decks})


def texts(findings: list[Finding], mark: str) -> str:
    return "\n".join(finding.text for finding in findings if finding.mark == mark)


@pytest.mark.bundled
async def test_with_no_settings_all_is_well_but_for_the_platforms(data_dir: Path) -> None:
    findings = await doctor(settings_of(data_dir))
    assert [finding.text for finding in findings if finding.mark != "ok"] == [findings[-1].text]
    assert "`llmq console`" in texts(findings, "warn")
    fine = texts(findings, "ok")
    assert "Redis (embedded): Valkey" in fine
    assert "persistence: append-only file" in fine
    assert "eviction: noeviction" in fine
    assert "questions: " in fine


@pytest.mark.bundled
async def test_its_server_is_stopped_again(data_dir: Path) -> None:
    await examine(settings_of(data_dir), TODAY)
    assert not await answers(socket_path(data_dir))


@pytest.mark.bundled
async def test_the_server_of_an_llmq_that_runs_is_looked_at_and_left_alone(data_dir: Path) -> None:
    async with embedded_server(data_dir):
        findings = await examine(settings_of(data_dir), TODAY)
        assert not texts(findings, "fault")
        assert "Redis (embedded): Valkey" in texts(findings, "ok")
        assert await answers(socket_path(data_dir))


@pytest.mark.bundled
async def test_two_doctors_at_once_do_not_break_each_other(data_dir: Path) -> None:
    async with embedded_server(data_dir):
        both = await asyncio.gather(*(examine(settings_of(data_dir), TODAY) for _ in range(2)))
    assert not [finding for findings in both for finding in findings if finding.mark == "fault"]


async def test_a_server_that_is_not_there_is_a_fault_without_its_password(data_dir: Path) -> None:
    findings = await examine(settings_of(data_dir, f"redis://:{SECRET}@127.0.0.1:1/0"), TODAY)
    assert "cannot be reached" in texts(findings, "fault")
    assert "LLMQ_REDIS_URL" in texts(findings, "ok")
    assert SECRET not in "\n".join(map(str, findings))


async def test_a_server_that_forgets_or_evicts_is_a_warning(
    data_dir: Path, start_server: StartServer
) -> None:
    url = await start_server("--appendonly", "no", "--save", "", "--maxmemory-policy", "allkeys-lru")
    warnings = texts(await examine(settings_of(data_dir, url), TODAY), "warn")
    assert "persistence: none. Set `appendonly yes`" in warnings
    assert "eviction: allkeys-lru" in warnings
    assert "Set `maxmemory-policy noeviction`" in warnings


@pytest.mark.parametrize(
    ("options", "mark", "words"),
    [
        (("--appendfsync", "always"), "ok", "synced with each write"),
        (("--appendfsync", "everysec"), "ok", "a power cut costs a second's answers"),
        (("--appendfsync", "no"), "warn", "Set `appendfsync everysec`"),
        (("--maxmemory-policy", "volatile-ttl"), "warn", "volatile-ttl may drop boards, past rounds"),
        (("--maxmemory-policy", "allkeys-lfu"), "warn", "allkeys-lfu may drop anything"),
    ],
)
async def test_how_safe_a_server_keeps_what_it_has_is_said(
    data_dir: Path, start_server: StartServer, options: tuple[str, ...], mark: str, words: str
) -> None:
    findings = await examine(settings_of(data_dir, await start_server(*options)), TODAY)
    assert words in texts(findings, mark)


async def test_a_server_whose_disk_is_gone_is_a_warning(
    data_dir: Path, start_server: StartServer, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    options = ("--appendonly", "no", "--stop-writes-on-bgsave-error", "no", "--dir", str(home))
    url = await start_server(*options)
    home.rmdir()
    async with connected(url) as client:
        await client.bgsave()

        async def failed() -> bool:
            return "err" in str((await client.info("persistence"))["rdb_last_bgsave_status"])

        await until(failed)
    warnings = texts(await examine(settings_of(data_dir, url), TODAY), "warn")
    assert "the last write to the disk failed" in warnings


async def test_a_server_with_a_url_needs_no_data_folder(data_dir: Path, redis_url: str) -> None:
    findings = await examine(settings_of(data_dir, redis_url), TODAY)
    assert f"Redis (LLMQ_REDIS_URL, one server): {server_name()}" in texts(findings, "ok")
    assert not data_dir.exists()  # noqa: ASYNC240


async def test_a_file_in_place_of_the_data_folder_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert f"{file} cannot be written" in texts(await examine(settings_of(file), TODAY), "fault")


async def test_a_deck_that_cannot_be_loaded_is_a_fault_with_its_path(data_dir: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing.md"
    findings = await examine(settings_of(data_dir, decks=(missing,)), TODAY)
    assert f"{missing}:1: cannot be read" in texts(findings, "fault")


@pytest.mark.parametrize("mark", ["ok", "warn", "fault"])
def test_a_finding_begins_with_its_mark(mark: str) -> None:
    assert str(Finding(mark, "so it is")).split(maxsplit=1) == [mark, "so it is"]  # type: ignore[arg-type]
