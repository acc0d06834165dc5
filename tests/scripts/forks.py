"""`dealroom` as a program that starts at once: every call is a process, forked from one that has loaded everything.

The sessions call it some sixty times in pipes and lists of commands, and most of such a call is loading what it needs.
The process that is forked never runs a command, so that a call finds nothing but what a new process has loaded too.
Arguments, folder, environment, umask and the three streams are the caller's, and the exit code is told to it. A signal
to the caller does not reach the call.
"""

from __future__ import annotations

import contextlib
import importlib
import marshal
import os
import pkgutil
import select
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import dealroom

# What is called: it hands on what it was given, and ends as the fork did. It loads next to nothing, to start at once.
_CALLER = """\
import marshal, os, socket, sys

os.umask(mask := os.umask(0))
given = marshal.dumps((sys.argv[2:], os.getcwd(), mask, dict(os.environ)))
with socket.socket(socket.AF_UNIX) as server:
    server.connect(sys.argv[1])
    socket.send_fds(server, [len(given).to_bytes(4, "big") + given], [0, 1, 2])
    sys.exit(int(server.recv(4)))
"""

# Other programs' ways in, and what needs an extra that nobody's session uses.
_NOT_LOADED = {"dealroom.__main__", "dealroom.publish.cluster"}

# The variables that Python itself reads as it starts, to encode its streams for example. A call with others starts it.
_READ_AT_START = ("PYTHON", "LC_", "LANG")

# Seconds for loading everything, on a slow machine.
_PATIENCE = 60


@contextmanager
def forks(folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """The folder of a program `dealroom`, for PATH. `environment` is what is loaded in."""
    address, caller, program = folder / "socket", folder / "caller.py", folder / "bin" / "dealroom"
    program.parent.mkdir(parents=True)
    caller.write_text(_CALLER)
    call = shlex.join([sys.executable, "-I", "-S", str(caller), str(address)])
    program.write_text(f'#!/bin/sh\nexec {call} "$@"\n')
    program.chmod(0o755)
    repository = Path(dealroom.__file__).parents[1]
    command = [sys.executable, "-m", "tests.scripts.forks", str(address)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=repository, env=environment, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout
        assert server.stdout.readline() == "loaded\n"
        yield program.parent


def _serve(address: str) -> None:
    for module in pkgutil.walk_packages(dealroom.__path__, "dealroom."):
        if module.name not in _NOT_LOADED:
            importlib.import_module(module.name)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        # A process for each call; the system clears away those that have ended.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        sys.stdout.write("loaded\n")
        sys.stdout.flush()
        # Whoever started this one holds the other end of its input; when they end, however they do, so does this.
        while sys.stdin not in select.select([server, sys.stdin], [], [])[0]:
            connection, _ = server.accept()
            with connection:
                if os.fork() == 0:
                    server.close()
                    _answer(connection)


def _answer(connection: socket.socket) -> None:
    """Run one call in a fork of this process, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    connection.settimeout(_PATIENCE)
    data, streams, _, _ = socket.recv_fds(connection, 1 << 16, 3)
    size = 4 + int.from_bytes(data[:4], "big")
    while len(data) < size:
        data += connection.recv(size - len(data))
    child = os.fork()
    if child == 0:
        connection.close()
        _run(streams, *marshal.loads(data[4:]))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    with contextlib.suppress(BrokenPipeError):
        # As a shell tells it, when a signal ended the call.
        connection.sendall(b"%d" % (code if code >= 0 else 128 - code))
    os._exit(0)


def _run(streams: Sequence[int], arguments: list[str], folder: str, mask: int, environment: dict[str, str]) -> None:
    """Be the program that was called."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # A stream remembers of what it was opened on whether one can go back in it.
    sys.stdout = os.fdopen(1, "w", -1, sys.stdout.encoding, sys.stdout.errors, closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, sys.stderr.encoding, sys.stderr.errors, closefd=False)
    os.chdir(folder)
    os.umask(mask)
    read_at_start = {name for name in {*os.environ, *environment} if name.startswith(_READ_AT_START)}
    if any(os.environ.get(name) != environment.get(name) for name in read_at_start):
        os.execve(sys.executable, [sys.executable, "-m", "dealroom", *arguments], environment)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = ["dealroom", *arguments]
    from dealroom.cli.main import main

    main()


if __name__ == "__main__":
    _serve(sys.argv[1])
