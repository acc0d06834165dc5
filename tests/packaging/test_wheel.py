"""The wheel as users get it: built from the source distribution, installed by plain pip where there is nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dealroom import __version__

ROOT = Path(__file__).parents[2]
# Sources and tools of the client, which no user needs.
NOT_SHIPPED = ("node_modules", ".ts", "package.json", "package-lock.json", "esbuild.config.mjs", "tests/", "themes/")


def run(*command: str | Path, folder: Path) -> str:
    """Run a program that has to succeed and return what it printed."""
    finished = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False, timeout=240
    )
    if finished.returncode != 0:
        said = f"{finished.stdout}{finished.stderr}"
        pytest.fail(f"{' '.join(str(part) for part in command)} failed:\n{said}")
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, from the source distribution of the files in git, so that nothing else can slip in or be missed."""
    sources, output = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("dist")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            (sources / name).write_bytes((ROOT / name).read_bytes())
    run(Path(sys.executable).with_name("uv"), "build", "--quiet", "--out-dir", output, folder=sources)
    (built,) = output.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `dealroom` program in an environment that pip made from the wheel alone."""
    environment = tmp_path_factory.mktemp("environment")
    # Our own pip: the one that Python brings takes three times as long to look through the versions there are.
    run(sys.executable, "-m", "venv", "--without-pip", environment, folder=environment)
    python = environment / "bin" / "python"
    # Not compiled ahead: most of the modules of the dependencies are never imported here.
    options = ["--quiet", "--no-compile", "--disable-pip-version-check"]
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel, folder=environment)
    return environment / "bin" / "dealroom"


def test_the_wheel_holds_the_bundle_and_no_sources_of_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert "dealroom/client/dist/manifest.json" in names
    assert any(name.startswith("dealroom/client/dist/main-") for name in names)
    assert "dealroom/py.typed" in names
    assert [name for name in names if any(part in name for part in NOT_SHIPPED)] == []


def test_what_is_installed_needs_nothing_but_itself(installed: Path, tmp_path: Path) -> None:
    # No program of this machine but those of the environment, such as Node, can help.
    bare = {"PATH": os.defpath, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "DEALROOM_TODAY": "2026-11-23"}

    def dealroom(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed, *arguments], cwd=tmp_path, env=bare, capture_output=True, text=True, check=False
        )

    assert dealroom("--version").stdout == f"dealroom {__version__}\n"

    for command in (["init", "deals"], ["-C", "deals", "check"], ["-C", "deals", "build"]):
        finished = dealroom(*command)
        assert finished.returncode == 0, f"dealroom {' '.join(command)}\n{finished.stdout}{finished.stderr}"

    rooms = list((tmp_path / "deals" / "site").glob("*/index.html"))
    assert len(rooms) == 1, "the example plan of a new workspace is one room"
