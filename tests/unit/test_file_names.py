"""File names whose letters are composed in one way on the disk and in another in the text: a Mac decomposes them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from dealroom.files import file_fault, on_disk
from dealroom.plan.access import RoomAccess
from dealroom.plan.read import read_plan
from dealroom.room.links import file_ref
from dealroom.room.pages import load_pages
from dealroom.workspace import open_workspace

NAME = "Übersicht café"

PLAN = """\
title: Order platform
buyer: {{name: Harbour Foods, logo: "files/{0}.svg"}}
go_live: {{date: 2027-03-01}}
documents: [{{title: Report, file: "files/{0}.pdf"}}]
pages: ["{0}.md"]
"""


@pytest.fixture(params=[("NFC", "NFD"), ("NFD", "NFC"), ("NFC", "NFC"), ("NFD", "NFD")], ids="-".join)
def forms(request: pytest.FixtureRequest) -> tuple[str, str]:
    """How the disk has the name, and how it is written."""
    disk, text = (unicodedata.normalize(form, NAME) for form in request.param)
    return disk, text


def test_the_name_is_taken_as_it_is_on_the_disk(tmp_path: Path, forms: tuple[str, str]) -> None:
    disk, text = forms
    (tmp_path / disk).mkdir()
    (tmp_path / disk / f"{disk}.pdf").write_bytes(b"")
    assert on_disk(tmp_path, f"{text}/{text}.pdf") == f"{disk}/{disk}.pdf"
    assert file_fault(tmp_path, on_disk(tmp_path, f"{text}/{text}.pdf")) is None


def test_a_name_that_is_not_there_stays_as_it_was_written(tmp_path: Path) -> None:
    assert on_disk(tmp_path, "../Übersicht.pdf") == "../Übersicht.pdf"


def test_a_plan_finds_its_files_and_pages(tmp_path: Path, forms: tuple[str, str]) -> None:
    disk, text = forms
    folder = tmp_path / "plans" / "harbour"
    (folder / "files").mkdir(parents=True)
    for name in (f"{disk}.svg", f"{disk}.pdf"):
        (folder / "files" / name).write_bytes(b"")
    (folder / "plan.yml").write_text(PLAN.format(text), "utf-8")
    (folder / f"{disk}.md").write_text(f"# Page\n\n[report](<files/{text}.pdf>) [page](<{text}.md#page>)\n", "utf-8")
    loaded = read_plan(folder, tmp_path)
    assert loaded.diagnostics == ()
    assert loaded.plan
    ((page,), found) = load_pages(folder, loaded.plan, tmp_path)
    assert found == ()
    (file,) = page.files
    assert (folder / file.path).is_file()
    assert file.name == f"{unicodedata.normalize('NFC', NAME)}.pdf"


def test_the_settings_find_their_logo(tmp_path: Path, forms: tuple[str, str]) -> None:
    disk, text = forms
    (tmp_path / f"{disk}.svg").write_bytes(b"")
    (tmp_path / "dealroom.yml").write_text(f'seller: {{name: Tessellate, logo: "{text}.svg"}}\n', "utf-8")
    assert open_workspace(tmp_path).settings.seller.logo == f"{disk}.svg"


def test_a_file_has_one_name_and_one_key_on_every_system() -> None:
    composed, decomposed = (unicodedata.normalize(form, f"files/{NAME}.pdf") for form in ("NFC", "NFD"))
    assert file_ref(composed, "document").ref == file_ref(decomposed, "document").ref
    access = RoomAccess(epoch=3, kept={composed: 1})
    assert (access.file_epoch(decomposed), access.file_epoch("files/other.pdf")) == (1, 3)
