"""What every test relies on: the same environment on every machine, and examples that are the same every time."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.demos import Demo, build_demo, share

# What is compiled is kept, here and in each program that a test starts: containers often say that nothing is to be, and
# compiling everything again takes a minute of the whole run.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# In memory on every Linux. What is built is written through to the disk file by file, and waiting for that was half of
# the time of many tests. There has to be room for what a run leaves, less than 1 GB, and programs have to run there.
MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 4 << 30


def _in_memory() -> bool:
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return False
    system = os.statvfs(MEMORY)
    return not system.f_flag & os.ST_NOEXEC and system.f_bavail * system.f_frsize >= MEMORY_NEEDED


if _in_memory():
    # Where pytest makes the folders of tests; whoever says it otherwise is heard.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# The same examples in every run, so that a failure is a change of the code and never luck. To look for new ones:
# pytest --hypothesis-profile explore
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("repeatable")

# The folders in the order of how soon they have something to say.
SLOW_FOLDERS = ("packaging", "browser")

# Of the last folder, where a test takes longest: first, so that what is left in the end is short, and of the processes
# that share the work none waits long for another.
LONGEST = ("test_accessibility", "test_round", "test_pace", "test_extremes", "test_room", "test_live", "test_replies")


@pytest.fixture(autouse=True)
def _same_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests reaches what is tested."""
    for name in [name for name in os.environ if name.startswith(("DEALROOM_", "GIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], Demo]], Demo]:
    """Builds a demo under a name, once for all processes of this run: `shared("brands", build_brands)`.

    A test that changes something takes a copy of it.
    """
    folder = tmp_path_factory.getbasetemp()
    # The processes that share the work each have a folder of their own, beside one another.
    run = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    return lambda name, make: share(run / "shared" / name, make)


@pytest.fixture(scope="session")
def demo(shared: Callable[[str, Callable[[Path], Demo]], Demo]) -> Demo:
    """The repository's workspace with its rooms."""
    return shared("demo", build_demo)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-sessions",
        action="store_true",
        help="rewrite the expected output of the sessions in tests/scripts from what is printed now",
    )
    parser.addoption(
        "--update-pictures",
        action="store_true",
        help="renew the reference pictures of tests/browser/pictures that look different now",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first, and of the slow ones the longest. Sorting is stable: all others stay in their order."""

    def slowness(item: pytest.Item) -> tuple[int, int]:
        folder = next((n for n, name in enumerate(SLOW_FOLDERS, start=1) if name in item.path.parts), 0)
        is_long = item.path.parent.name == SLOW_FOLDERS[-1] and item.path.stem in LONGEST
        return folder, LONGEST.index(item.path.stem) if is_long else len(LONGEST)

    items.sort(key=slowness)
