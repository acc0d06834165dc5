"""The files in `deploy/` are what their programs take, and name commands and options that exist."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from dealroom.cli.main import cli

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"

PIPELINES = [("github-action.yml", "vendor.github-workflows"), ("gitlab-ci.yml", "vendor.gitlab-ci")]


@pytest.mark.parametrize(("name", "schema"), PIPELINES)
def test_a_pipeline_has_the_form_of_its_platform(name: str, schema: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(DEPLOY / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["dealroom-watch.service", "dealroom-host.service"])
def test_a_unit_is_one_that_systemd_takes(name: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        # Not every machine that builds has systemd; then its form is looked at.
        sections = re.findall(r"^\[(\w+)\]$", (DEPLOY / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert sections == ["Unit", "Service", "Install"]
        return
    # The program and the folder are on the machine that the unit is for.
    text = (DEPLOY / name).read_text(encoding="utf-8").replace("/opt/dealroom/bin/dealroom", sys.executable)
    unit = tmp_path / name
    unit.write_text(text.replace("User=dealroom\n", ""), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert name not in done.stderr, done.stderr


def commands() -> list[tuple[str, list[str]]]:
    """Every call of dealroom in the files, with its arguments."""
    found = []
    for file in sorted(DEPLOY.iterdir()):
        text = file.read_text(encoding="utf-8")
        lines = re.findall(r"(?m)^(?:ExecStart=\S*/|\s*- (?:run: )?)dealroom (.+)$", text)
        found += [(file.name, shlex.split(line)) for line in lines]
        for listed in re.findall(r"^CMD (\[.+\])$", text, re.MULTILINE):
            found.append((file.name, yaml.safe_load(listed)))
    return found


@pytest.mark.parametrize(("file", "arguments"), commands(), ids=lambda value: str(value)[:40])
def test_a_call_has_a_command_and_options_that_exist(file: str, arguments: list[str]) -> None:
    command = cli.get_command(cli.make_context("dealroom", ["--help"], resilient_parsing=True), arguments[0])
    assert command is not None, file
    # Values are checked, and nothing is run: folders of another machine need not be here.
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {argument for argument in arguments if argument.startswith("--")} <= known


def test_the_image_takes_in_all_that_the_package_is_built_from() -> None:
    allowed = [
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"
    ]
    for name in ("dealroom", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE", "requirements/run.txt"):
        assert name in allowed
        assert (ROOT / name).exists()


def test_every_command_of_the_files_is_found() -> None:
    assert {arguments[0] for _, arguments in commands()} == {"build", "check", "host", "publish", "watch"}
    assert CliRunner().invoke(cli, ["host", "--help"]).exit_code == 0
