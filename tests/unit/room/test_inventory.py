from __future__ import annotations

from pathlib import Path

from dealroom.room.inventory import inventory
from dealroom.room.pages import load_pages
from tests.unit.room.rooms import DANA, TOM, html, plan


def test_each_part_of_a_room_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "memo.md").write_text("# The *memo*\n\n## Costs\n\n[Status](https://status.example)\n")
    written = plan(
        stakeholders=[DANA, TOM],
        milestones=[{"id": "live", "title": "Live & well"}, {"id": "review", "title": "Value `review`"}],
        success_criteria=[{"id": "errors", "statement": "Fewer errors", "proven_by": "review"}],
        pages=["memo.md"],
    )
    pages, _ = load_pages(tmp_path, written, tmp_path)
    held = inventory(html(written, pages=pages))
    assert held.titles == {
        "pages": ("The memo",),
        "milestones": ("Live & well", "Value review"),
        "success criteria": ("Fewer errors",),
        "people": ("Dana Whitfield", "Tom Okafor"),
    }
    assert held.links == ("https://status.example",)


def test_a_part_without_a_title_is_told_by_its_anchor() -> None:
    held = inventory('<div id="milestone-live"><p>x</p></div><p id="page-memo--x">z</p>')
    assert held.titles == {"milestones": ("milestone-live",)}
