"""The few of git's inner commands that publishing to a branch needs, in a bare repository of dealroom's own."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dealroom.errors import Problem
from dealroom.publish_settings import without_password

# What git tells its hooks: it means the repository they are of (`git rev-parse --local-env-vars`).
_ELSEWHERE = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
# What says how git is to call ssh.
_SSH = frozenset({"GIT_SSH", "GIT_SSH_COMMAND"})
_REFERENCE = "refs/dealroom/tip"
# Mode of a file in a tree, and the object that stands for nothing.
_FILE, _NOTHING = "100644", "0" * 40
# Nobody's name or address gets into a branch that strangers may read.
_WHO = {"NAME": "dealroom", "EMAIL": "dealroom@localhost"}
# What git says before what went wrong, its own and that of the other side.
_SAYS = re.compile(r"(?:(?:remote|fatal|error): +)+")
_NO_ANSWER = "Could not read from remote repository"
# Bytes a second, and seconds: a place that is slower for so long hangs.
_SLOWEST, _PATIENCE = 1_000, 60


class Git:
    """git in the bare repository at `folder`, made if need be; `target` is how people call it. Raises Problem.

    Whoever makes one keeps all others out, of other processes too.
    """

    def __init__(self, folder: Path, target: str) -> None:
        self._folder = folder
        self._target = target
        self._ssh: Mapping[str, str] = {}
        if not (folder / "HEAD").exists():
            self._run("init", "--quiet", "--bare", str(folder))
        self._unlock()
        if not os.environ.keys() & _SSH and self._try("config", "--get", "core.sshCommand").returncode != 0:
            # By itself ssh waits as long as the system does; who says how it is to be called means it.
            self._ssh = {
                "GIT_SSH_COMMAND": f"ssh -o ConnectTimeout={_PATIENCE} -o ServerAliveInterval={_PATIENCE // 4 or 1} "
                "-o ServerAliveCountMax=4"
            }

    def _unlock(self) -> None:
        """Remove the locks of a git that was killed: it would refuse to go on until somebody does."""
        for folder in (self._folder, self._folder / "refs" / "dealroom"):
            for left in folder.glob("*.lock"):
                left.unlink(missing_ok=True)

    def fetch(self, address: str, branch: str) -> str | None:
        """The commit at the tip of a branch, with what it holds; `None` when there is no such branch."""
        tip = self._tip(address, branch)
        if tip is None or tip == self._try("rev-parse", "--verify", "--quiet", _REFERENCE).stdout.strip():
            return tip
        self._run("fetch", "--quiet", "--no-tags", "--depth=1", address, f"+refs/heads/{branch}:{_REFERENCE}")
        return self._run("rev-parse", _REFERENCE).strip()

    def _tip(self, address: str, branch: str) -> str | None:
        listed = self._run("ls-remote", "--heads", address, f"refs/heads/{branch}")
        return listed.split()[0] if listed else None

    @property
    def signer(self) -> str:
        """The fingerprint of the key under which the branch was last published from here; empty before."""
        return self._try("config", "--get", "dealroom.signer").stdout.strip()

    @signer.setter
    def signer(self, fingerprint: str) -> None:
        self._run("config", "dealroom.signer", fingerprint)

    def tree(self, commit: str | None) -> dict[str, str]:
        """The files of a commit: path → the name of its content."""
        if commit is None:
            return {}
        entries = self._run("ls-tree", "-r", "-z", commit).split("\0")
        pairs = (entry.split("\t", 1) for entry in entries if entry)
        return {path: head.split()[2] for head, path in pairs}

    def show(self, name: str) -> str:
        """The text of a file, by the name of its content."""
        return self._run("cat-file", "blob", name)

    def store_files(self, paths: list[Path]) -> list[str]:
        """Take the contents of files in, as they are, and give their names."""
        given = "".join(f"{path}\n" for path in paths)
        return self._run("hash-object", "-w", "--no-filters", "--stdin-paths", given=given).split()

    def store_text(self, text: str) -> str:
        """Take a text in, and give its name."""
        return self._run("hash-object", "-w", "--stdin", given=text).strip()

    def write_tree(self, commit: str | None, changes: Mapping[str, str | None]) -> str:
        """The tree of a commit (or none) with these paths put in, or taken out where there is no content."""
        with self._index() as index:
            self._run("read-tree", commit or "--empty", environment=index)
            lines = (f"{_FILE if name else 0} {name or _NOTHING}\t{path}\0" for path, name in changes.items())
            self._run("update-index", "-z", "--index-info", given="".join(lines), environment=index)
            return self._run("write-tree", environment=index).strip()

    def commit(self, tree: str, parents: list[str]) -> str:
        """A commit of a tree."""
        who = {f"GIT_{role}_{part}": text for role in ("AUTHOR", "COMMITTER") for part, text in _WHO.items()}
        options = [option for parent in parents for option in ("-p", parent)]
        return self._run("commit-tree", tree, *options, "-m", "Publish", environment=who).strip()

    def push(self, address: str, branch: str, commit: str, tip: str | None) -> bool:
        """Put a branch on `commit` if it is still at `tip`; whether it was."""
        lease = f"--force-with-lease=refs/heads/{branch}:{tip or ''}"
        done = self._try("push", "--quiet", lease, address, f"{commit}:refs/heads/{branch}")
        if done.returncode != 0:
            if self._tip(address, branch) == tip:
                raise self._problem(done.stderr)
            return False
        # All of it is here already, and stays so until the next.
        self._run("update-ref", _REFERENCE, commit)
        # Old versions have served; git throws them away in its own time.
        self._try("gc", "--auto", "--quiet")
        return True

    @contextmanager
    def _index(self) -> Iterator[Mapping[str, str]]:
        # One is made at a time, so that the next run takes the place of what a killed one left.
        index = self._folder / "dealroom-index"
        index.unlink(missing_ok=True)
        try:
            yield {"GIT_INDEX_FILE": str(index)}
        finally:
            index.unlink(missing_ok=True)

    def _run(self, *arguments: str, given: str | None = None, environment: Mapping[str, str] | None = None) -> str:
        done = self._try(*arguments, given=given, environment=environment)
        if done.returncode != 0:
            raise self._problem(done.stderr)
        return done.stdout

    def _try(
        self, *arguments: str, given: str | None = None, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        # Where this runs as part of git itself, in a hook, its variables name another repository.
        inherited = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        settings = {
            "GIT_DIR": str(self._folder),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_HTTP_LOW_SPEED_LIMIT": str(_SLOWEST),
            "GIT_HTTP_LOW_SPEED_TIME": str(_PATIENCE),
            "LC_ALL": "C.UTF-8",
            "LANGUAGE": "",
        }
        try:
            return subprocess.run(
                ["git", *arguments],
                input=given,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                env={**inherited, **settings, **self._ssh, **(environment or {})},
            )
        except FileNotFoundError:
            raise Problem("publishing to a branch needs git, which is not installed", "install git") from None

    def _problem(self, said: str) -> Problem:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        # What follows the first complaint is advice, or that there was one.
        at = next((number for number, line in enumerate(lines) if _SAYS.match(line)), len(lines) - 1)
        if at > 0 and _NO_ANSWER in lines[at]:
            # ssh said why.
            at -= 1
        told = lines[at] if lines else "git failed"
        reason = without_password(_SAYS.sub("", told, count=1).rstrip("."))
        return Problem(
            f"cannot publish to {self._target}: {reason}",
            "check the address, and that `git push` to it works from here without being asked anything",
        )
