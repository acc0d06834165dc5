"""Where everything stands as a build left it nothing is loaded to find that out, and whatever is touched is noticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect
from types import MappingProxyType

import pytest

from dealroom.publish.build import Means, build
from dealroom.publish.look import Look, look_at
from dealroom.publish.standing import unchanged_rooms
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import open_workspace
from tests.unit.publish.small import KEY, TODAY, write_workspace

ROOMS = ("deal-000", "deal-001", "deal-002")
PASSPHRASES = "deal-000: {dana: seven lonely otters dance in the rain}\n"
LOGO = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/>"

# In nanoseconds: more than a clock's tick.
TICKS = 50_000_000


def settled(root: Path) -> Look:
    """A look at a workspace that has been left alone for a while."""
    while True:
        look = look_at(root, {})
        assert look
        if look.beside(root, ("logo.svg",)).is_settled(time.time_ns() - TICKS):
            return look
        time.sleep(0.01)


def build_all(root: Path) -> None:
    """Build, and note how everything stands."""
    build(open_workspace(root), KEY, means=Means(look=settled(root)), today=TODAY)


def stands(root: Path, environ: Mapping[str, str] = MappingProxyType({}), days: int = 0) -> tuple[str, ...] | None:
    """The rooms of which is known that building them would change nothing."""
    look = look_at(root, environ)
    return unchanged_rooms(root, root / "site", look, TODAY + timedelta(days=days), environ) if look else None


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that stands for dealroom's own: somebody may be working on those while the tests run."""
    file = tmp_path / "program" / "main.py"
    file.parent.mkdir()
    file.write_text("x")
    monkeypatch.setattr("dealroom.publish.look.PACKAGE", file.parent)
    return file


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three rooms that are built, with a theme, a text, a logo and a chosen passphrase; somebody's access ends."""
    root = tmp_path_factory.mktemp("original") / "deals"
    write_workspace(root, 3)
    files = {
        "themes/brand/theme.yml": "name: Brand\n",
        "texts/en.yml": "lock.title: Our room\n",
        "logo.svg": LOGO,
        "dealroom.yml": "seller: {name: Tessellate, logo: logo.svg}\ntheme: brand\n",
        ".dealroom/passphrases.yml": PASSPHRASES,
        "plans/deal-001/access.yml": f"people: [{{id: dana, expires: {TODAY + timedelta(days=5)}}}]\n",
        "plans/deal-002/files/terms.txt": "terms",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / ".dealroom" / "passphrases.yml").chmod(0o600)
    build_all(root)
    return root


@pytest.fixture
def root(original: Path, tmp_path: Path) -> Path:
    """A copy, in which it is known how everything stands."""
    root = tmp_path.resolve() / "deals"
    shutil.copytree(original, root)
    build_all(root)
    return root


def test_a_build_of_nothing_is_known_to_be_one(root: Path) -> None:
    assert stands(root) == ROOMS
    assert stands(root, days=4) == ROOMS


def appended(file: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        with (root / file).open("a") as stream:
            stream.write("\n")

    return change


def replaced(file: str) -> Callable[[Path], None]:
    """Another file in its place, of the same size and with the same time of modification."""

    def change(root: Path) -> None:
        found = (root / file).stat()
        other = root / "other"
        other.write_bytes((root / file).read_bytes().swapcase())
        os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
        other.replace(root / file)

    return change


def written(file: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("x")

    return change


def built_otherwise(root: Path) -> None:
    """Somebody builds one room as it is on another day, which closes it for somebody."""
    build(open_workspace(root), KEY, ["deal-001"], today=TODAY + timedelta(days=9))


def a_page(root: Path) -> Path:
    return min((root / "site").glob("*/index.html"))


def cut_note(root: Path) -> None:
    for file in (root / ".dealroom" / "written").iterdir():
        with closing(connect(file)) as connection, connection:
            connection.execute("UPDATE standing SET how = substr(how, 1, length(how) / 2)")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(appended("plans/deal-000/plan.yml"), id="a plan"),
        pytest.param(replaced("plans/deal-000/notes.md"), id="a page with the same size and time"),
        pytest.param(appended("plans/deal-002/files/terms.txt"), id="a file in a folder"),
        pytest.param(appended("plans/deal-001/access.yml"), id="access"),
        pytest.param(written("plans/deal-000/history.jsonl"), id="a history"),
        pytest.param(lambda root: (root / "plans/deal-000/notes.md").unlink(), id="a page is gone"),
        pytest.param(lambda root: shutil.rmtree(root / "plans" / "deal-000"), id="a plan is gone"),
        pytest.param(lambda root: (root / "plans/deal-000").rename(root / "plans/acme"), id="another name"),
        pytest.param(lambda root: shutil.move(root / "plans", root / "elsewhere"), id="no plans"),
        pytest.param(written("plans/acme/plan.yml"), id="a new plan"),
        pytest.param(appended("themes/brand/theme.yml"), id="a theme"),
        pytest.param(written("themes/brand/styles.css"), id="a new style"),
        pytest.param(written("themes/brand/.hidden"), id="a hidden file of a theme"),
        pytest.param(appended("texts/en.yml"), id="a text"),
        pytest.param(written("texts/de.yml"), id="a text in another language"),
        pytest.param(appended("logo.svg"), id="the logo"),
        pytest.param(appended("dealroom.yml"), id="the settings"),
        pytest.param(appended(".dealroom/passphrases.yml"), id="passphrases"),
        pytest.param(lambda root: (root / ".dealroom/passphrases.yml").unlink(), id="passphrases are gone"),
        pytest.param(lambda root: (root / ".dealroom/key").chmod(0o644), id="a key for others to read"),
        pytest.param(replaced(".dealroom/key"), id="another key"),
        pytest.param(lambda root: (root / ".dealroom/key").unlink(), id="no key"),
        pytest.param(lambda root: a_page(root).unlink(), id="a page of the site is gone"),
        pytest.param(lambda root: a_page(root).write_bytes(a_page(root).read_bytes()), id="a page was written again"),
        pytest.param(lambda root: shutil.rmtree(root / "site"), id="the site is gone"),
        pytest.param(lambda root: shutil.rmtree(root / ".dealroom" / "written"), id="the record is gone"),
        pytest.param(lambda root: (root / "site" / ".dealroom-staging").mkdir(), id="somebody is writing"),
        pytest.param(built_otherwise, id="a room was built since"),
        pytest.param(cut_note, id="a damaged note"),
    ],
)
def test_whatever_is_touched_is_looked_into(root: Path, change: Callable[[Path], None]) -> None:
    change(root)
    assert stands(root) is None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(written("plans/deal-000/.plan.yml.swp"), id="an editor's own file"),
        pytest.param(written("site/CNAME"), id="somebody's file in the site"),
        pytest.param(written("README.md"), id="a file that no room is made from"),
        pytest.param(lambda root: shutil.rmtree(root / ".dealroom" / "cache"), id="what is only quicker"),
    ],
)
def test_what_no_room_is_made_from_changes_nothing(root: Path, change: Callable[[Path], None]) -> None:
    change(root)
    assert stands(root) == ROOMS


def test_on_the_day_on_which_access_ends_it_is_built(root: Path) -> None:
    assert stands(root, days=5) is None


def test_a_key_in_the_environment_counts_by_its_fingerprint(root: Path) -> None:
    """One look never stands for another key, nor for passphrases of which nothing is kept."""
    other = WorkspaceKey(bytes(32))
    assert stands(root, {"DEALROOM_KEY": other.text()}) is None
    assert stands(root, {"DEALROOM_PASSPHRASES": PASSPHRASES}) is None

    environ = {"DEALROOM_KEY": KEY.text()}
    settled(root)
    build(open_workspace(root), KEY, means=Means(look=look_at(root, environ)), today=TODAY)
    assert stands(root, environ) == ROOMS
    assert stands(root, {"DEALROOM_KEY": other.text()}) is None
    assert stands(root) is None


def test_another_dealroom_looks_for_itself(root: Path, program: Path) -> None:
    (program.parent / "__pycache__").mkdir()
    assert stands(root) == ROOMS
    program.write_text("y")
    assert stands(root) is None


def test_another_python_looks_for_itself(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version", "3.99")
    assert stands(root) is None


def test_what_was_just_written_is_not_trusted(root: Path) -> None:
    """Within a tick of the clock it may be written once more, and look the same."""
    appended("plans/deal-000/plan.yml")(root)
    fresh = look_at(root, {})
    assert fresh
    touched = (root / "plans/deal-000/plan.yml").stat().st_ctime_ns
    assert not fresh.is_settled(touched + time.monotonic_ns() - fresh.begun)
    assert settled(root).is_settled(time.time_ns())


def test_a_build_from_before_a_change_notes_nothing_that_holds(root: Path) -> None:
    """Everything is looked at before anything is read."""
    look = settled(root)
    appended("plans/deal-000/plan.yml")(root)
    build(open_workspace(root), KEY, means=Means(look=look), today=TODAY)
    assert stands(root) is None
    build_all(root)
    assert stands(root) == ROOMS


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("plans/deal-000/plan.yml", "title: [\n"),
        ("dealroom.yml", "seller: {name: Tessellate}\nmarkdown_extensions: [pymdownx.snippets]\n"),
    ],
    ids=["a plan with errors", "pages that may read anything"],
)
def test_what_is_made_in_every_build_is_built(root: Path, file: str, text: str) -> None:
    (root / file).write_text(text)
    for _ in range(2):
        build_all(root)
        assert stands(root) is None


def test_a_plan_behind_a_link_is_looked_at(root: Path, tmp_path: Path) -> None:
    shutil.move(root / "plans" / "deal-000", tmp_path / "acme")
    (root / "plans" / "deal-000").symlink_to(tmp_path / "acme")
    build_all(root)
    assert stands(root) == ROOMS
    (tmp_path / "acme" / "notes.md").write_text("# Other notes\n")
    assert stands(root) is None


SESSION = """
import sys
from dealroom.cli.main import run

code = run(sys.argv[1:])
print(code, *sorted({name.partition(".")[0] for name in sys.modules} & {"pydantic", "yaml", "cryptography", "jinja2"}))
"""


def test_the_command_says_the_same_and_loads_nothing(root: Path) -> None:
    command = [sys.executable, "-c", SESSION, "-C", str(root), "--today", TODAY.isoformat(), "build"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DEALROOM_")}

    def said(*more: str) -> list[str]:
        settled(root)
        done = subprocess.run([*command, *more], check=False, capture_output=True, text=True, env=environ)
        assert not done.stderr
        return done.stdout.splitlines()

    other = str(root / "other")
    *looked_into, loaded = said("--output", other)
    assert loaded == "0 cryptography jinja2 pydantic yaml"
    *left, loaded = said("--output", other)
    assert loaded == "0"
    assert looked_into[-1] == f"3 rooms built, 3 changed in {other}/"
    assert left == [*(f"✓ {slug}  unchanged" for slug in ROOMS), f"3 rooms built, nothing changed in {other}/"]
