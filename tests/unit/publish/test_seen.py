"""What builds one after the other remember of the files that all rooms share."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dealroom.publish.inputs import States
from dealroom.publish.ledger import Ledger
from dealroom.publish.records import open_record
from dealroom.workspace import open_workspace
from tests.demos import KEY, TODAY

# Nanoseconds. What was written when a test began has been left alone for long by then.
LATER = 60_000_000_000


@pytest.fixture
def font(tmp_path: Path) -> Path:
    (tmp_path / "dealroom.yml").write_text("seller: {name: Northbay}\n")
    fonts = tmp_path / "themes" / "northbay" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "text.woff2").write_bytes(b"a font")
    # As it was unpacked: whatever writes it later gives it another date, however soon.
    os.utime(fonts / "text.woff2", (1_700_000_000, 1_700_000_000))
    return fonts / "text.woff2"


@pytest.fixture
def site_state(font: Path) -> Callable[[], str]:
    """What a build finds of the shared files, after the builds before it."""
    root = font.parents[3]
    seen: dict[Path, States] = {}

    def found() -> str:
        with open_record(root / ".dealroom", root / "site") as record:
            workspace = open_workspace(root)
            return Ledger(workspace, KEY, TODAY, record, time.time_ns() + LATER, seen).site_state

    return found


def test_the_files_of_themes_are_read_once(
    font: Path, site_state: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    really = Path.read_bytes

    def noting(path: Path) -> bytes:
        read.append(path)
        return really(path)

    monkeypatch.setattr(Path, "read_bytes", noting)

    first, second = site_state(), site_state()

    assert first == second
    assert read.count(font) == 1


@pytest.mark.parametrize("changed", [b"a bold font", b"A font"], ids=["another size", "the same size"])
def test_a_changed_file_of_a_theme_is_seen(font: Path, site_state: Callable[[], str], changed: bytes) -> None:
    before = site_state()

    font.write_bytes(changed)

    assert site_state() != before


def test_a_file_that_was_put_in_place_with_an_old_date_is_seen(font: Path, site_state: Callable[[], str]) -> None:
    before, old = site_state(), font.stat()

    beside = font.with_name(".new")
    beside.write_bytes(b"A font")
    os.utime(beside, ns=(old.st_atime_ns, old.st_mtime_ns))
    beside.replace(font)

    assert site_state() != before
