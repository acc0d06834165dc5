"""Command-line sessions as text: what is typed, what is printed, and the files it starts from.

    # A plan without a buyer is reported, and nothing is built.

    $ dealroom check
    error: the plan names no buyer …
    [exit 1]

    -- dealroom.yml --
    seller: {name: Acme}
    -- plans/harbour/plan.yml --
    title: Order platform

Lines that begin with `$ ` are typed; what follows, up to the next `$ ` or `# ` line, is printed, standard output and
standard error as they come. `[exit N]` ends the output of a command that failed. The files after `-- NAME --` lines
are there when the session starts (the form is that of Go's txtar archives). In expected output `…` stands for any
characters within the line, for what differs from run to run, and `$WORK` for the folder of the session. A printed line
that looks like one of the session's own is written with a backslash before it.

A line that is a plain call of `dealroom` runs in this process, since starting Python for each takes most of the time;
any other line, such as a pipe or `printf '\\xef\\xbb\\xbf' > plans/x/plan.yml`, runs in bash, where `dealroom` is
forked from a process that has loaded it already (`forks`). In the sessions of `STARTED` each is the installed program.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dealroom.cli.main import run

# The sessions in which the program is started as a person starts it.
STARTED = {"init", "version"}

# A Monday, early in the timeline of the demo plans.
TODAY = "2026-11-23"
WIDTH = 100

# Runs one typed line and returns what it printed, with the exit code.
Execute = Callable[[str], tuple[str, int]]

_FILE = re.compile(r"^-- (?P<name>\S+) --$", re.MULTILINE)
_OWN_LINE = re.compile(r"^(?=\\*(?:[$#] |\[exit |-- ))", re.MULTILINE)
_SHELL = re.compile(r"[|&;<>()$`*?{}~\\]")
# No program of a session takes longer, on the slowest machine.
_SECONDS = 60


@dataclass(frozen=True)
class Session:
    """A session file, taken apart: the script's lines, and the files by their name relative to the session's folder."""

    script: tuple[str, ...]
    files: dict[str, str]
    archive: str

    @classmethod
    def parse(cls, text: str) -> Session:
        """Take apart the text of a session file."""
        marks = list(_FILE.finditer(text))
        starts = [*(mark.start() for mark in marks), len(text)]
        files = {mark["name"]: text[mark.end() + 1 : end] for mark, end in zip(marks, starts[1:], strict=True)}
        return cls(tuple(text[: starts[0]].splitlines()), files, text[starts[0] :])

    def replay(self, execute: Execute) -> str:
        """The text of the session as it goes now: equal to the file's text when it goes as expected."""
        lines: list[str] = []
        for kind, block in self._blocks():
            if kind == "comment":
                lines += block
                continue
            typed, *expected = block
            blanks: list[str] = []
            while expected and not expected[-1]:
                blanks.append(expected.pop())
            printed = _printed(*execute(typed.removeprefix("$ ")))
            lines += [typed, *_keep_wildcards(expected, printed), *blanks]
        return "".join(f"{line}\n" for line in lines) + self.archive

    def _blocks(self) -> Iterator[tuple[str, list[str]]]:
        """The script cut before each typed line and each comment."""
        kind, block = "comment", list[str]()
        for line in self.script:
            if line.startswith(("$ ", "# ")):
                yield kind, block
                kind, block = ("command" if line.startswith("$ ") else "comment"), []
            block.append(line)
        yield kind, block


def _printed(output: str, code: int) -> list[str]:
    """What the session shows of a command: lines without trailing blanks, and a line for the code when it failed."""
    escaped = _OWN_LINE.sub("\\\\", output)
    lines = [line.rstrip() for line in escaped.rstrip().split("\n")] if escaped.strip() else []
    return [*lines, f"[exit {code}]"] if code else lines


def _keep_wildcards(expected: list[str], printed: list[str]) -> list[str]:
    """The printed lines, with those that an expected line with `…` describes written as that line."""
    if len(expected) != len(printed):
        return printed
    return [
        wanted if "…" in wanted and re.fullmatch(re.escape(wanted).replace("…", ".*"), line) else line
        for wanted, line in zip(expected, printed, strict=True)
    ]


def environment(home: Path) -> dict[str, str]:
    """The variables that make a session print the same on every machine."""
    return {
        "COLUMNS": str(WIDTH),
        "DEALROOM_TODAY": TODAY,
        "GIT_AUTHOR_EMAIL": "tom@example.com",
        "GIT_AUTHOR_NAME": "Tom Okafor",
        "GIT_COMMITTER_EMAIL": "tom@example.com",
        "GIT_COMMITTER_NAME": "Tom Okafor",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TERM": "dumb",
        "TZ": "UTC",
    }


def write_files(files: dict[str, str], folder: Path) -> None:
    """Write the files of a session. Those under `.dealroom/` are secrets, and only their owner may read them."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
        if ".dealroom" in path.parts:
            path.chmod(0o600)


def execute(line: str) -> tuple[str, int]:
    """Run a typed line in the current folder."""
    if line.split()[:1] == ["dealroom"] and not _SHELL.search(line):
        return _with_names(*_call(shlex.split(line)[1:]))
    return execute_in_shell(line)


def execute_in_shell(line: str) -> tuple[str, int]:
    """Run a typed line in the current folder, with the `dealroom` that is first in PATH."""
    return _with_names(*_shell(line))


def _with_names(output: str, code: int) -> tuple[str, int]:
    return output.replace(str(Path.cwd()), "$WORK"), code


def _call(arguments: list[str]) -> tuple[str, int]:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        code = run(arguments)
    stream.seek(0)
    return stream.read(), code


def _shell(line: str) -> tuple[str, int]:
    finished = subprocess.run(
        ["bash", "-c", line],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_SECONDS,
        encoding="utf-8",
        check=False,
    )
    return finished.stdout, finished.returncode
