"""More events than a person makes: a checkout of thousands of files, and more than the kernel remembers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Tells each change in a line: `everything`, or the number of plans.
WATCH = """
import sys
from pathlib import Path
from dealroom.publish.changes import Sources
from dealroom.publish.watch import Watcher

root = Path(sys.argv[1])
with Watcher(Sources(root / "plans", root / "themes", frozenset({root / "dealroom.yml"}))) as watcher:
    print("watching", flush=True)
    for changes in watcher.changes():
        print("everything" if changes.everything else " ".join(sorted(changes.plans)), flush=True)
"""

PLANS = 1000
FILES = ("plan.yml", "notes.md", "access.yml", "terms.md")


@contextmanager
def watching(root: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that watches `root`."""
    with subprocess.Popen([sys.executable, "-c", WATCH, str(root)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "watching\n"
        try:
            yield process
        finally:
            process.kill()


def changes(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        yield line.strip()


def git(root: Path, *arguments: str) -> None:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity = ["-c", "user.name=Tom", "-c", "user.email=tom@example.com", "-c", "gc.auto=0"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True, env={**os.environ, **own})


def write_all(root: Path, text: str) -> None:
    for number in range(PLANS):
        folder = root / "plans" / f"deal-{number:04}"
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            (folder / name).write_text(text)


def test_a_checkout_of_thousands_of_files_reaches_every_plan(tmp_path: Path) -> None:
    """Each file is removed, created, written and closed: more than 10,000 events."""
    (tmp_path / "themes").mkdir()
    git(tmp_path, "init", "--quiet")
    for version in ("one", "two"):
        write_all(tmp_path, version)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--quiet", "-m", version)
        git(tmp_path, "tag", version)

    with watching(tmp_path) as process:
        git(tmp_path, "checkout", "--quiet", "one")
        reached: set[str] = set()
        for told in changes(process):
            reached |= set(told.split())
            if "everything" in reached or len(reached) == PLANS:
                break

    assert reached == {"everything"} or len(reached) == PLANS


def test_events_that_the_kernel_dropped_mean_everything(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    plan = tmp_path / "plans" / "acme"
    plan.mkdir(parents=True)
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())

    with watching(tmp_path) as process:
        # While it stands still nobody takes events from the queue. Being told to stop it may still run for a while.
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        for number in range(limit // 2 + 1):
            # Two files in turn, since equal events after each other count as one.
            (plan / f"{number % 2}.md").write_text("text")
        process.send_signal(signal.SIGCONT)
        assert "everything" in changes(process)
