"""The preview that the tests of this folder look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.serve.preview_workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(tmp_path)
    with workspace.client:
        yield workspace


@pytest.fixture
def heard(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, object]]:
    """What open pages are told: topic, name, data. A page of each plan's room is open."""
    told: list[tuple[str, str, object]] = []
    monkeypatch.setattr(workspace.hub, "topics", lambda: frozenset({"list", "room acme", "room blue"}))
    monkeypatch.setattr(workspace.hub, "publish", lambda *event: told.append(event))
    return told
