"""What a change touches: exactly the rooms that follow from it are made, and no others."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from dealroom.publish.build import Means, Progress, build
from dealroom.publish.built import BuiltRoom
from dealroom.publish.maker import Maker
from dealroom.workspace import open_workspace
from tests.unit.publish.small import KEY, TODAY, write_workspace

ACME, BLUE, CORAL = "deal-000", "deal-001", "deal-002"
EVERY = {ACME, BLUE, CORAL}
NONE: set[str] = set()


def append(root: Path, file: str, text: str) -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    with (root / file).open("a") as stream:
        stream.write(text)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three rooms: one with a theme and a seller of its own, one without pages, one with neither. All are built."""
    root = tmp_path_factory.mktemp("original") / "deals"
    write_workspace(root, 3)
    append(root, f"plans/{ACME}/plan.yml", "theme: child\nseller: {name: Marlow}\n")
    plan = root / "plans" / BLUE / "plan.yml"
    plan.write_text(plan.read_text().replace("pages: [notes.md]\n", ""))
    append(root, f"plans/{CORAL}/access.yml", f"people: [{{id: dana, expires: {TODAY + timedelta(days=5)}}}]\n")
    append(root, "themes/parent/theme.yml", "name: Parent\n")
    append(root, "themes/child/theme.yml", "name: Child\nextends: parent\n")
    append(root, "themes/nobodys/theme.yml", "name: Nobody's\n")
    made(root)
    return root


@pytest.fixture
def root(original: Path, tmp_path: Path) -> Path:
    """A copy with the times of all files."""
    root = tmp_path / "deals"
    shutil.copytree(original, root)
    return root


def made(root: Path, days: int = 0) -> set[str]:
    """Build, and give the plans whose rooms were made."""
    slugs: set[str] = set()

    def spy(maker: Maker, some: Sequence[str], progress: Progress) -> Iterator[BuiltRoom]:
        del progress
        slugs.update(some)
        return maker.make(some)

    report = build(open_workspace(root), KEY, means=Means(make=spy), today=TODAY + timedelta(days=days))
    assert len(report.rooms) == len(list((root / "plans").iterdir()))
    return slugs


def settings(text: str) -> Callable[[Path], None]:
    return lambda root: append(root, "dealroom.yml", text)


def written(file: str, text: str = "\n# more\n") -> Callable[[Path], None]:
    return lambda root: append(root, file, text)


def chosen(root: Path) -> None:
    file = root / ".dealroom" / "passphrases.yml"
    file.write_text(f"{BLUE}: {{dana: seven lonely otters dance in the rain}}\n")
    file.chmod(0o600)


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        pytest.param(lambda _root: None, NONE, id="nothing"),
        pytest.param(lambda root: (root / "plans" / ACME / "plan.yml").touch(), NONE, id="a touch"),
        pytest.param(written(f"plans/{ACME}/plan.yml"), {ACME}, id="a plan"),
        pytest.param(written(f"plans/{CORAL}/notes.md"), {CORAL}, id="a page"),
        pytest.param(written(f"plans/{BLUE}/files/new.pdf"), {BLUE}, id="a file"),
        pytest.param(written(f"plans/{BLUE}/access.yml", "epoch: 2\n"), {BLUE}, id="access"),
        pytest.param(written("themes/child/styles.css", "a { color: red; }"), {ACME}, id="a theme"),
        pytest.param(written("themes/parent/styles.css", "a { color: red; }"), {ACME}, id="a theme that is extended"),
        pytest.param(written("themes/nobodys/styles.css", "a { color: red; }"), NONE, id="a theme of no room"),
        pytest.param(settings("theme: parent\n"), {BLUE, CORAL}, id="the settings' theme"),
        pytest.param(settings("calendar: DE-BY\n"), EVERY, id="the settings' calendar"),
        pytest.param(settings("lang: de\n"), EVERY, id="the settings' language"),
        pytest.param(settings("markdown_extensions: [abbr]\n"), {ACME, CORAL}, id="extensions"),
        pytest.param(settings("base_url: https://rooms.example\n"), NONE, id="an address"),
        pytest.param(settings("publish: ../public\n"), NONE, id="a place"),
        pytest.param(chosen, {BLUE}, id="a passphrase"),
        pytest.param(lambda root: shutil.rmtree(root / "site"), EVERY, id="the site is gone"),
        pytest.param(lambda root: shutil.rmtree(root / ".dealroom" / "written"), EVERY, id="the record is gone"),
    ],
)
def test_a_change_makes_exactly_the_rooms_it_touches(
    root: Path, change: Callable[[Path], None], touched: set[str]
) -> None:
    change(root)
    assert made(root) == touched
    assert made(root) == NONE


IDLE_BUILD = """
import sys
from datetime import date
from pathlib import Path
from dealroom.publish.build import build
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import open_workspace

report = build(open_workspace(Path(sys.argv[1])), WorkspaceKey(bytes(range(32))), today=date.fromisoformat(sys.argv[2]))
print(report.written.total.written, *sorted(sys.modules.keys() & set(sys.argv[3:])))
"""


def test_where_nothing_changed_nothing_that_makes_rooms_is_loaded(root: Path) -> None:
    """Loading it takes longer than looking at a thousand rooms."""
    heavy = ["jinja2", "markdown", "nh3", "babel.dates", "dealroom.plan.model", "dealroom.seal.unseal"]
    command = [sys.executable, "-c", IDLE_BUILD, str(root), TODAY.isoformat(), *heavy]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() == ["0"]


@pytest.mark.parametrize(("days", "touched"), [(-300, NONE), (4, NONE), (5, {CORAL}), (9, {CORAL})])
def test_the_day_on_which_access_ends_makes_its_room(root: Path, days: int, touched: set[str]) -> None:
    assert made(root, days) == touched
    assert made(root, days) == NONE
    assert made(root) == touched


def test_an_extension_of_ones_own_may_read_anything(root: Path) -> None:
    append(root, "dealroom.yml", "markdown_extensions: [pymdownx.snippets]\n")
    assert made(root) == {ACME, CORAL}
    assert made(root) == {ACME, CORAL}


def test_a_second_plan_with_the_same_path_makes_both(root: Path) -> None:
    append(root, f"plans/{ACME}/plan.yml", "path: here\n")
    assert made(root) == {ACME}
    append(root, f"plans/{BLUE}/plan.yml", "path: here\n")
    assert made(root) == {ACME, BLUE}


def test_each_missing_or_changed_file_makes_its_room(root: Path) -> None:
    for page in (root / "site").glob("*/index.html"):
        page.write_bytes(page.read_bytes() + b" ")
        assert len(made(root)) == 1
