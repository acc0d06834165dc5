"""What a host could count: sites of plans that differ only in it have the same number of files, of the same sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dealroom.publish.build import build
from dealroom.workspace import open_workspace
from tests.demos import KEY, TODAY

PEOPLE = ("dana", "priya", "marcus", "ines", "omar", "lena", "paul")


def plan(people: int = 3, audiences: int = 0, hidden_pages: int = 0, documents: int = 1) -> str:
    """A plan whose first people each have a milestone of their own, and so a view."""
    named = PEOPLE[:people]
    lines = ["title: Rollout", "path: room", "buyer: {name: Harbour}", "go_live: {date: 2027-03-01}", "stakeholders:"]
    lines += [f"  - {{id: {id}, name: {id.title()} Whitfield, side: buyer}}" for id in named]
    lines += ["milestones:", "  - {id: live, title: Live in all plants}"]
    lines += [f"  - {{id: of-{id}, title: For {id}, audience: [{id}]}}" for id in named[:audiences]]
    lines += ["pages:", "  - case.md", *(f"  - {{file: page-{n}.md, audience: [dana]}}" for n in range(hidden_pages))]
    lines += ["documents:", *(f"  - {{title: Note {n}, file: note-{n}.txt}}" for n in range(documents))]
    return "\n".join(lines) + "\n"


def sizes(folder: Path, text: str) -> list[int]:
    """The sizes of a room's files as its host sees them, sorted; of the page, which is in the clear, only that it is
    there, and of files those alone that are not decoys' sizes."""
    plans = folder / "plans" / "room"
    plans.mkdir(parents=True)
    (plans / "plan.yml").write_text(text)
    for number in range(9):
        (plans / f"page-{number}.md").write_text(f"# Only for Dana {number}\n\n" + "What we found. " * 40)
        (plans / f"note-{number}.txt").write_text(f"note {number}")
    (plans / "case.md").write_text("# Business case\n\nIt pays.\n")
    (folder / "dealroom.yml").write_text("seller: {name: Northbay}\n")
    workspace = open_workspace(folder)
    report = build(workspace, KEY, today=TODAY)
    assert not report.has_failures
    return sorted(path.stat().st_size for path in (workspace.site / "room").rglob("*") if path.is_file())


@pytest.fixture
def of(tmp_path: Path) -> Callable[..., list[int]]:
    return lambda **plain: sizes(tmp_path / "-".join(map(str, plain.items())).replace("'", ""), plan(**plain))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"people": 1}, {"people": 7}),
        ({"audiences": 0}, {"audiences": 1}),
        ({"people": 4, "audiences": 0}, {"people": 4, "audiences": 3}),
        ({"hidden_pages": 0}, {"hidden_pages": 1}),
        ({"hidden_pages": 1}, {"hidden_pages": 6}),
    ],
    ids=["people", "one view or two", "one view or four", "a hidden page or none", "hidden pages"],
)
def test_what_differs_cannot_be_told(of: Callable[..., list[int]], one: dict[str, int], other: dict[str, int]) -> None:
    assert of(**one) == of(**other)


def test_small_documents_cannot_be_counted(of: Callable[..., list[int]]) -> None:
    few, many = of(documents=1), of(documents=4)
    assert len(few) == len(many)
    assert len([size for size in few if size > 32_768]) == len([size for size in many if size > 32_768]) == 4
