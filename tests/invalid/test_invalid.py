"""Bad input, and exactly what is said about it.

`NAME.yml` is a plan, kept as the bytes it is; `NAME.txt` is what `dealroom check` shows of it. What cannot be kept in a
file of git's (a link, ten megabytes) is made by a function below. `pytest tests/invalid --update-sessions` writes the
`.txt` files anew.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dealroom.diagnostics import Diagnostic, Severity
from dealroom.diagnostics.render import render_full
from dealroom.plan.read import LoadedPlan, read_plan

HERE = Path(__file__).parent
CASES = sorted(path.stem for path in HERE.glob("*.yml"))

PLAN = "title: Order platform rollout\nbuyer: {name: Harbour Foods}\ngo_live: {date: 2027-03-01}\n"

# Processor time, so that a busy machine changes nothing. The slowest takes two; ten mean that something grows faster
# than the file.
SECONDS = 10


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plan's folder with a page and a file, and another plan beside it."""
    folder = tmp_path / "plans" / "harbour"
    (folder / "files").mkdir(parents=True)
    (folder / "business-case.md").write_text("# Why now\n")
    (folder / "files" / "soc2.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.7\n")
    return folder


def check(folder: Path, name: str, request: pytest.FixtureRequest) -> LoadedPlan:
    """Read the plan in `folder` and compare what is said with `NAME.txt`."""
    loaded = read_plan(folder, folder.parent.parent)
    said = render_full(loaded.diagnostics)
    expected = HERE / f"{name}.txt"
    if request.config.getoption("--update-sessions"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")
    assert_sound(loaded)
    return loaded


def assert_sound(loaded: LoadedPlan) -> None:
    """There is a plan, or an error says why not; every finding is in the file and can be acted on."""
    errors = [found for found in loaded.diagnostics if found.severity is Severity.ERROR]
    assert (loaded.plan is None) == bool(errors)
    for found in loaded.diagnostics:
        assert_inside(found, loaded)
        assert found.message[:1] not in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        assert not found.message.endswith(".")
        assert "pydantic" not in (found.message + (found.hint or ""))


def assert_inside(found: Diagnostic, loaded: LoadedPlan) -> None:
    place = found.place
    assert place.file == loaded.source.name
    if place.line is None or not loaded.source.text:
        return
    assert place.column is not None
    assert place.end_column is not None
    assert 1 <= place.column <= len(place.text) + 1
    assert place.column < place.end_column


@pytest.mark.parametrize("name", CASES)
def test_a_plan_that_is_wrong(name: str, folder: Path, request: pytest.FixtureRequest) -> None:
    (folder / "plan.yml").write_bytes((HERE / f"{name}.yml").read_bytes())
    loaded = check(folder, name, request)
    assert loaded.diagnostics


def test_every_expectation_has_its_input() -> None:
    expectations = {path.stem for path in HERE.glob("*.txt")}
    assert expectations == {*CASES, *MADE}


def ten_megabytes(folder: Path) -> None:
    (folder / "plan.yml").write_text(PLAN + "# padding\n" * 1_000_000)


def link_out_of_the_folder(folder: Path) -> None:
    (folder / "files" / "report.pdf").symlink_to(folder.parent.parent / "secret.pdf")
    (folder / "plan.yml").write_text(PLAN + "documents: [{title: Report, file: files/report.pdf}]\n")


def folder_linked_out(folder: Path) -> None:
    (folder / "shared").symlink_to(folder.parent.parent)
    (folder / "plan.yml").write_text(PLAN + "documents: [{title: Report, file: shared/secret.pdf}]\n")


def link_to_nowhere(folder: Path) -> None:
    (folder / "files" / "report.pdf").symlink_to("gone.pdf")
    (folder / "files" / "ring.pdf").symlink_to("ring.pdf")
    documents = "[{title: Report, file: files/report.pdf}, {title: Ring, file: files/ring.pdf}]"
    (folder / "plan.yml").write_text(f"{PLAN}documents: {documents}\n")


def link_to_the_plan(folder: Path) -> None:
    (folder / "plan-copy.yml").symlink_to("plan.yml")
    (folder / "here").symlink_to(".")
    documents = "[{title: Copy, file: plan-copy.yml}, {title: Round, file: here/here/plan.yml}]"
    (folder / "plan.yml").write_text(f"{PLAN}documents: {documents}\n")


def plan_linked_out(folder: Path) -> None:
    (folder.parent.parent / "elsewhere.yml").write_text(PLAN)
    (folder / "plan.yml").symlink_to("../../elsewhere.yml")


def plan_linked_to_nowhere(folder: Path) -> None:
    (folder / "plan.yml").symlink_to("gone.yml")


def plan_is_a_folder(folder: Path) -> None:
    (folder / "plan.yml").mkdir()


def plan_is_a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "plan.yml")


def document_is_a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "files" / "report.pdf")
    (folder / "plan.yml").write_text(PLAN + "documents: [{title: Report, file: files/report.pdf}]\n")


def plan_has_another_name(folder: Path) -> None:
    (folder / "plan.yaml").write_text(PLAN)


def plan_is_missing(folder: Path) -> None:
    assert not (folder / "plan.yml").exists()


MADE: dict[str, Callable[[Path], None]] = {
    make.__name__.replace("_", "-"): make
    for make in (
        ten_megabytes,
        link_out_of_the_folder,
        folder_linked_out,
        link_to_nowhere,
        link_to_the_plan,
        plan_linked_out,
        plan_linked_to_nowhere,
        plan_is_a_folder,
        plan_is_a_pipe,
        document_is_a_pipe,
        plan_has_another_name,
        plan_is_missing,
    )
}


@pytest.mark.parametrize("name", MADE)
def test_a_folder_that_is_wrong(name: str, folder: Path, request: pytest.FixtureRequest) -> None:
    MADE[name](folder)
    assert check(folder, name, request).plan is None


# Each is some 900 KB, just below the limit, and of the shape that costs a naive reader most.
LARGE = {
    "unknown keys": "".join(f"k{number}: 1\n" for number in range(80_000)),
    "open brackets": "[" * 900_000,
    "open braces": "{a: " * 220_000,
    "dashes": "- " * 450_000,
    "question marks": "? " * 450_000,
    "dangling ids": f"milestones: [{{id: a, title: A, after: [{'x, ' * 290_000}]}}]\n",
    "circle": "milestones:\n" + "".join(f"- {{id: m{n}, title: M, after: m{n + 1}}}\n" for n in range(20_000)),
    "long line": "outcome: " + "x" * 900_000,
    "long key": "x" * 900_000 + ": y",
    "anchors": "internal: [" + "".join(f"&a{number} x, " for number in range(60_000)) + "]",
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_is_refused_or_read_in_bounded_time(name: str, folder: Path) -> None:
    (folder / "plan.yml").write_text(PLAN + LARGE[name])
    start = time.process_time()
    loaded = read_plan(folder, folder.parent.parent)
    assert time.process_time() - start < SECONDS, name
    assert_sound(loaded)
    assert len(loaded.diagnostics) < 1_000
