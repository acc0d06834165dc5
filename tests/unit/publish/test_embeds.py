"""What a plan shows of other sites: only of those that the workspace allows, by the address that they give for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealroom.diagnostics import Diagnostic
from dealroom.plan.read import read_plans
from dealroom.publish.embeds import embeddable_address
from dealroom.publish.loading import load_room
from dealroom.workspace import BrokenSettings, open_workspace

PLAN = """\
title: Order platform rollout
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01}
stakeholders: [{id: dana, name: Dana Whitfield, side: buyer}]
documents:
"""


def findings(root: Path, document: str, embeds: str = "[player.vimeo.com]") -> list[Diagnostic]:
    folder = root / "plans" / "harbour"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "tour.mp4").write_bytes(b"film")
    (folder / "plan.yml").write_text(f"{PLAN}  - {document}\n", encoding="utf-8")
    (root / "dealroom.yml").write_text(f"seller: {{name: Tessellate}}\nembeds: {embeds}\n", encoding="utf-8")
    workspace = open_workspace(root)
    (plan,) = read_plans(workspace)
    return list(load_room(workspace, plan).diagnostics)


def test_an_allowed_site_is_fine(tmp_path: Path) -> None:
    assert findings(tmp_path, "{title: Tour, url: 'https://player.vimeo.com/video/1', embed: true}") == []


def test_any_site_may_be_linked_to(tmp_path: Path) -> None:
    assert findings(tmp_path, "{title: Tour, url: 'https://elsewhere.example/video/1'}") == []


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/video/1",
        "https://player.vimeo.com.elsewhere.example/",
        "https://player.vimeo.com:8443/video/1",
        "https://player.vimeo.com@elsewhere.example/",
    ],
)
def test_any_other_site_is_refused_with_what_would_allow_it(tmp_path: Path, url: str) -> None:
    (found,) = findings(tmp_path, f"{{title: Tour, url: '{url}', embed: true}}")
    assert found.code == "embed-not-allowed"
    assert "embeds" in (found.hint or "")
    assert found.place.line == 6


def test_the_page_of_a_film_is_answered_with_the_address_of_its_player(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "{title: Tour, url: 'https://vimeo.com/76979871', embed: true}")
    assert found.hint == "the address to show is https://player.vimeo.com/video/76979871"


def test_a_file_opens_anyway(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "{title: Tour, file: files/tour.mp4, embed: true}")
    assert found.code == "conflicting-fields"


def test_http_is_not_shown(tmp_path: Path) -> None:
    found = findings(tmp_path, "{title: Tour, url: 'http://player.vimeo.com/video/1', embed: true}")
    assert [one.code for one in found] == ["invalid-url"]


@pytest.mark.parametrize("host", ["https://player.vimeo.com", "*.vimeo.com", "vimeo.com/video", "x; script-src *"])
def test_a_site_is_named_by_its_host_alone(tmp_path: Path, host: str) -> None:
    with pytest.raises(BrokenSettings, match="is not the name of a site"):
        findings(tmp_path, "{title: Tour, url: 'https://player.vimeo.com/video/1'}", f"['{host}']")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871"),
        ("https://www.loom.com/share/0281766fa2d04bb7", "https://www.loom.com/embed/0281766fa2d04bb7"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?t=3", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://player.vimeo.com/video/76979871", None),
        ("https://elsewhere.example/watch?v=dQw4w9WgXcQ", None),
    ],
)
def test_addresses_for_frames(url: str, address: str | None) -> None:
    assert embeddable_address(url) == address
