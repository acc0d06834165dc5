"""The program of the sessions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.forks import forks
from tests.scripts.session import environment


@pytest.fixture(scope="session")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a `dealroom` that starts at once, for PATH."""
    folder = tmp_path_factory.mktemp("forks")
    with forks(folder, {**os.environ, **environment(folder)}) as program:
        yield program
