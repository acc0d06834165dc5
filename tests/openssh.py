"""The OpenSSH server of the tests: an installed one, or else one that is installed now.

`python -m tests.openssh` installs where needed and prints the program's path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_ELSEWHERE = ("/usr/sbin/sshd", "/usr/local/sbin/sshd")


class NoServer(Exception):
    """There is no OpenSSH server and none could be installed. The text says what to do."""


def find() -> Path | None:
    """The path of an installed `sshd`."""
    named = shutil.which("sshd")
    paths = [named] if named else [path for path in _ELSEWHERE if Path(path).exists()]
    return Path(paths[0]) if paths else None


def ensure() -> Path:
    """The path of `sshd`, installed if need be. Raises NoServer."""
    program = find()
    if program is not None:
        return program
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "openssh-server"]):
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            break
        print(f"installing the server that publishing over SFTP is tested with: {' '.join(command)}", file=sys.stderr)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, env=environment, capture_output=True, check=False)
    program = find()
    if program is None:
        raise NoServer("error: the tests of SFTP need OpenSSH's server\nhint: install openssh-server")
    return program


if __name__ == "__main__":
    try:
        print(ensure())
    except NoServer as fault:
        sys.exit(str(fault))
