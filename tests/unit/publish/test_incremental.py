"""Whatever was edited in between: a build that leaves alone what it can gives byte for byte what a clean one gives."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dealroom.publish.build import Means, build
from dealroom.publish.look import Look, look_at
from dealroom.publish.records import record_file
from dealroom.publish.standing import unchanged_rooms
from dealroom.seal.keys import create_key
from dealroom.workspace import open_workspace
from tests.unit.publish.small import KEY, TODAY, digests

# Each is a dozen edits, and two builds after each of them. More, as before a release: DEALROOM_EDIT_RUNS=200.
FEW = 3
RUNS = int(os.environ.get("DEALROOM_EDIT_RUNS", FEW))

SLUGS = st.sampled_from(["acme", "blue", "coral"])
# In nanoseconds: more than a clock's tick.
TICKS = 50_000_000
WORDS = st.sampled_from(["alpha", "beta", "gamma"])
LOGO = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'><title>{}</title></svg>"

PLAN = """\
title: Rollout {word}
buyer: {{name: Harbour Foods}}
go_live: {{date: 2027-03-01}}
stakeholders:
  - {{id: dana, name: Dana Whitfield, side: buyer}}
  - {{id: priya, name: Priya Iyer, side: buyer}}
milestones:
  - {{id: launch, title: Launch, owners: {{buyer: dana}}, takes: 5d}}
pages: [notes.md]
documents: [{{title: Terms, file: files/terms.txt}}]
"""


class Edits(RuleBasedStateMachine):
    """A workspace that people and accidents change. After each change it is built on top of what was built before."""

    def __init__(self) -> None:
        super().__init__()
        # Where pytest makes the folders of tests, which may be in memory.
        self.root = Path(tempfile.mkdtemp(prefix="dealroom-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
        self.today = TODAY
        self.names: dict[str, str] = {}
        self.theme = 0

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def folder(self, slug: str) -> Path:
        return self.root / "plans" / slug

    def is_there(self, slug: str) -> bool:
        return self.folder(slug).exists()

    @initialize()
    def begin(self) -> None:
        (self.root / "themes" / "brand").mkdir(parents=True)
        (self.root / "plans").mkdir()
        create_key(self.root / ".dealroom" / "key", lambda size: bytes(range(size)))
        self.write_theme("#2f4b7c")
        self.write_settings("Tessellate", "brand")
        for slug in ("acme", "blue"):
            self.write_plan(slug, "alpha", "")

    @rule(slug=SLUGS, word=WORDS, more=st.sampled_from(["", "theme: brand\n", "path: here\n", "lang: de\n"]))
    def write_plan(self, slug: str, word: str, more: str) -> None:
        folder = self.folder(slug)
        (folder / "files").mkdir(parents=True, exist_ok=True)
        (folder / "plan.yml").write_text(PLAN.format(word=word) + more)
        for name, text in (("notes.md", f"# Notes\n\n{word}\n"), ("files/terms.txt", word)):
            if not (folder / name).exists():
                (folder / name).write_text(text)

    @rule(slug=SLUGS, file=st.sampled_from(["notes.md", "files/terms.txt"]), word=WORDS)
    def write_beside(self, slug: str, file: str, word: str) -> None:
        if self.is_there(slug):
            (self.folder(slug) / file).write_text(f"# {word}\n")

    @rule(slug=SLUGS)
    def write_the_same_size_at_the_same_time(self, slug: str) -> None:
        """What size and times alone would not tell."""
        page = self.folder(slug) / "notes.md"
        if page.exists():
            found = page.stat()
            page.write_text(page.read_text().swapcase())
            os.utime(page, ns=(found.st_atime_ns, found.st_mtime_ns))

    @rule(slug=SLUGS, days=st.sampled_from([None, 0, 1, 3]))
    def expire(self, slug: str, days: int | None) -> None:
        access = self.folder(slug) / "access.yml"
        if days is None:
            access.unlink(missing_ok=True)
        elif self.is_there(slug):
            access.write_text(f"people:\n  - {{id: priya, expires: {TODAY + timedelta(days=days)}}}\n")

    @rule(slug=SLUGS)
    def revoke(self, slug: str) -> None:
        if self.is_there(slug):
            (self.folder(slug) / "access.yml").write_text(f"epoch: 2\npeople:\n  - {{id: priya, revoked: {TODAY}}}\n")

    @rule(slug=SLUGS)
    def remove(self, slug: str) -> None:
        shutil.rmtree(self.folder(slug), ignore_errors=True)

    @rule(slug=SLUGS, to=SLUGS)
    def rename(self, slug: str, to: str) -> None:
        if self.is_there(slug) and not self.is_there(to):
            self.folder(slug).rename(self.folder(to))

    @rule(colour=st.sampled_from(["#2f4b7c", "#0b6e7f"]))
    def write_theme(self, colour: str) -> None:
        (self.root / "themes/brand/theme.yml").write_text(f"name: Brand\ncolours: {{brand: '{colour}'}}\n")

    @rule(text=st.sampled_from(["a { color: red; }\n", "p { margin: 0; }\n", ""]))
    def write_styles(self, text: str) -> None:
        (self.root / "themes/brand/styles.css").write_text(text)

    @rule(
        name=st.sampled_from(["Tessellate", "Marlow"]),
        theme=st.sampled_from(["brand", None]),
        more=st.sampled_from(["", "lang: de\n", "calendar: DE-BY\n", "base_url: https://rooms.example\n"]),
    )
    def write_settings(self, name: str, theme: str | None, more: str = "") -> None:
        (self.root / "dealroom.yml").write_text(
            f"seller: {{name: {name}, logo: logo.svg}}\n{more}" + (f"theme: {theme}\n" if theme else "")
        )
        self.write_logo(name)

    @rule(word=WORDS)
    def write_logo(self, word: str) -> None:
        (self.root / "logo.svg").write_text(LOGO.format(word))

    @rule(words=st.sampled_from(["correct horse battery staple", "seven lonely otters dance"]))
    def choose_passphrase(self, words: str) -> None:
        file = self.root / ".dealroom" / "passphrases.yml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"acme:\n  dana: {words} {words[::-1]}\n")
        file.chmod(0o600)

    @rule(days=st.integers(-1, 4))
    def another_day(self, days: int) -> None:
        self.today = TODAY + timedelta(days=days)

    @precondition(lambda self: (self.root / "site").exists())
    @rule(what=st.sampled_from(["site", ".dealroom/written", ".dealroom/cache"]))
    def lose(self, what: str) -> None:
        if what == ".dealroom/written":
            # Without the record nothing says any more who wrote the files of rooms that are gone.
            shutil.rmtree(self.root / "site")
        shutil.rmtree(self.root / what, ignore_errors=True)

    @rule(number=st.integers(0, 200))
    def lose_a_file(self, number: int) -> None:
        files = sorted(path for path in (self.root / "site").rglob("*") if path.is_file())
        if files:
            files[number % len(files)].unlink()

    @rule()
    def damage_the_notes(self) -> None:
        for file in (self.root / ".dealroom" / "written").glob("*.sqlite"):
            connection = sqlite3.connect(file)
            with connection:
                connection.execute("UPDATE made SET from_what = substr(from_what, 1, length(from_what) / 2)")
            connection.close()

    @rule(slug=SLUGS)
    def build_one(self, slug: str) -> None:
        if self.is_there(slug):
            build(open_workspace(self.root), KEY, [slug], today=self.today)

    @rule()
    def let_the_times_of_files_settle(self) -> None:
        """Only then it is noted how everything stands."""
        while not self.look().is_settled(time.time_ns() - TICKS):
            time.sleep(0.01)

    def look(self) -> Look:
        seen = look_at(self.root, {})
        assert seen
        return seen.beside(self.root, ("logo.svg",))

    @invariant()
    def built_is_as_built_from_nothing(self) -> None:
        if not (self.root / "dealroom.yml").exists():
            return
        look = look_at(self.root, {})
        assert look
        known = unchanged_rooms(self.root, self.root / "site", look, self.today, {})
        workspace = open_workspace(self.root)
        report = build(workspace, KEY, means=Means(look=look), today=self.today)
        if known is not None:
            assert known == tuple(room.slug for room in report.rooms)
            assert not report.has_failures
            assert not report.written.written
            assert not report.written.removed
        clean = self.root / "clean"
        expected = build(workspace, KEY, output=clean, today=self.today)
        found, wanted = digests(workspace.site), digests(clean)
        shutil.rmtree(clean)
        for file in (workspace.state / "written").glob("*.sqlite"):
            if file != record_file(workspace.state, workspace.site):
                file.unlink()
        # Nothing else is a build on top of what was built before.
        assert record_file(workspace.state, workspace.site).exists()
        assert [(room.slug, room.failed) for room in report.rooms] == [
            (room.slug, room.failed) for room in expected.rooms
        ]
        # A plan with errors keeps its last good room, which a build from nothing cannot have.
        good = tuple(f"{room.path}/" for room in report.rooms if not room.failed)
        if report.has_failures:
            found, wanted = files_in(good, found), files_in(good, wanted)
        assert found == wanted


def files_in(folders: tuple[str, ...], files: dict[str, str]) -> dict[str, str]:
    """Those of the files that are in these folders."""
    return {path: digest for path, digest in files.items() if path.startswith(folders)}


Edits.TestCase.settings = settings(
    max_examples=RUNS,
    stateful_step_count=12,
    deadline=None,
    # The same edits in every run, unless many are asked for.
    derandomize=RUNS == FEW,
    suppress_health_check=list(HealthCheck),
)
TestEdits = Edits.TestCase
