from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dealroom.diagnostics import Diagnostic
from dealroom.room.pages import LoadedPage, load_pages
from tests.unit.room.rooms import DANA, PRIYA, Elements, plan

MILESTONES = [{"id": "security-review", "title": "Security review"}]


def load(
    folder: Path, written_pages: dict[str, str], **fields: Any
) -> tuple[tuple[LoadedPage, ...], tuple[Diagnostic, ...]]:
    """Write these Markdown files into the workspace `folder`, and load them as the pages of one plan."""
    here = folder / "plans" / "harbour"
    here.mkdir(parents=True, exist_ok=True)
    for name, text in written_pages.items():
        (here / name).write_text(text, "utf-8")
    written = plan(**{"pages": list(written_pages), "milestones": MILESTONES, **fields})
    return load_pages(here, written, folder)


def page(folder: Path, text: str, **fields: Any) -> LoadedPage:
    (loaded,), found = load(folder, {"memo.md": text}, **fields)
    assert found == ()
    return loaded


def finding(folder: Path, text: str, **fields: Any) -> Diagnostic:
    _, (found,) = load(folder, {"memo.md": text}, **fields)
    return found


def test_the_first_heading_is_the_title_and_not_repeated(tmp_path: Path) -> None:
    memo = page(tmp_path, "# Business *case*\n\nWhy we do it.\n\n## Costs\n\n### Licences\n\n## Savings\n")
    assert memo.title == "Business case"
    assert "Business" not in memo.html
    assert memo.summary == "Why we do it."
    assert [(heading.text, heading.href, len(heading.children)) for heading in memo.toc] == [
        ("Costs", "#page-memo--costs", 1),
        ("Savings", "#page-memo--savings", 0),
    ]


@pytest.mark.parametrize(
    ("text", "fields", "title"),
    [
        ("No heading.", {}, "Memo"),
        ("---\ntitle: From the front matter\n---\n# Heading\n", {}, "From the front matter"),
        ("# Heading\n", {"pages": [{"file": "memo.md", "title": "From the plan"}]}, "From the plan"),
    ],
)
def test_a_title_is_found_as_mkdocs_finds_it(tmp_path: Path, text: str, fields: dict[str, Any], title: str) -> None:
    assert page(tmp_path, text, **fields).title == title


def test_a_link_to_another_page_leads_to_it_in_the_room(tmp_path: Path) -> None:
    (memo, _), found = load(
        tmp_path,
        {
            "memo.md": "[Costs](pricing.md#yearly-costs) and [all](pricing.md)",
            "pricing.md": "# Pricing\n\n## Yearly costs\n",
        },
    )
    assert found == ()
    assert Elements(memo.html).values("href") == ["#page-pricing--yearly-costs", "#page-pricing"]


def test_a_link_to_a_milestone_leads_to_it(tmp_path: Path) -> None:
    assert 'href="#milestone-security-review"' in page(tmp_path, "See [the review](#milestone-security-review).").html


def test_a_linked_file_is_sealed_with_the_room(tmp_path: Path) -> None:
    (tmp_path / "plans/harbour/files").mkdir(parents=True)
    (tmp_path / "plans/harbour/files/soc 2.pdf").write_bytes(b"%PDF")
    memo = page(tmp_path, "[SOC 2](files/soc%202.pdf)")
    (file,) = memo.files
    assert (file.path, file.name, file.media_type, file.kind) == (
        "files/soc 2.pdf",
        "soc 2.pdf",
        "application/pdf",
        "document",
    )
    assert Elements(memo.html).values("data-object") == [file.ref]


def test_an_image_is_sealed_and_never_fetched(tmp_path: Path) -> None:
    (tmp_path / "plans/harbour").mkdir(parents=True)
    (tmp_path / "plans/harbour/map.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="520" height="360"/>'
    )
    memo = page(tmp_path, "![Map](map.svg)")
    ((_, attributes),) = [found for found in Elements(memo.html).found if found[0] == "img"]
    assert attributes == {"data-object": memo.files[0].ref, "alt": "Map", "width": "520", "height": "360"}
    assert memo.files[0].kind == "image"


def test_an_image_of_unknown_size_is_shown_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "plans/harbour").mkdir(parents=True)
    (tmp_path / "plans/harbour/map.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    memo = page(tmp_path, "![Map](map.png)")
    assert "width" not in memo.html
    assert f'data-object="{memo.files[0].ref}"' in memo.html


def test_text_that_looks_like_a_sealed_image_stays_text(tmp_path: Path) -> None:
    memo = page(tmp_path, '`<img src="dealroom-file:file-1">` and `<a href="dealroom-file:file-1">`')
    assert not {tag for tag, _ in Elements(memo.html).found} & {"img", "a"}


def test_a_broken_link_is_told_with_its_place(tmp_path: Path) -> None:
    found = finding(tmp_path, "# Memo\n\nRead the [costs](pricng.md) first.\n")
    assert (found.code, str(found.place)) == ("broken-link", "plans/harbour/memo.md:3:18")
    assert found.place.text == "Read the [costs](pricng.md) first."


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("![x](nowhere.png)", "missing-image", "there is no file `nowhere.png`"),
        ("[x](../../dealroom.yml)", "broken-link", "`../../dealroom.yml` is outside the folder harbour/"),
        ("[x](/etc/passwd)", "broken-link", "`/etc/passwd` leads out of the plan's folder"),
        ("[x](//evil.example/x)", "broken-link", "`//evil.example/x` leads out of the plan's folder"),
        ("[x](htps://harbour.example)", "broken-link", "a link cannot begin with `htps:`"),
        ("[x](JavaScript:alert(1))", "broken-link", "a link cannot begin with `JavaScript:`"),
        ("[x](C:/files/soc2.pdf)", "broken-link", "a link cannot begin with `C:`"),
        ('<a class="lead" href="data:text/html,x">x</a>', "broken-link", "a link cannot begin with `data:`"),
        ("![x](data:image/png;base64,iVBORw0KGgo=)", "missing-image", "a room shows no image from `data:`"),
        ("[x](plan.yml)", "broken-link", "`plan.yml` is the seller's own and never leaves the workspace"),
        ("[x](.secret)", "broken-link", "`.secret` is a hidden file, and those never leave the workspace"),
        ("[x](#nowhere)", "broken-anchor", "this page has no heading `#nowhere`"),
        ("[x](#milestone-security-revew)", "broken-anchor", "the plan has no milestone `security-revew`"),
        (
            "![x](https://tracker.example/p.gif)",
            "remote-image",
            "the image `https://tracker.example/p.gif` is on another site",
        ),
    ],
)
def test_what_leads_nowhere_is_a_finding(tmp_path: Path, text: str, code: str, message: str) -> None:
    found = finding(tmp_path, text)
    assert (found.code, found.message) == (code, message)


def test_an_example_of_a_link_is_no_link(tmp_path: Path) -> None:
    page(tmp_path, 'Write `<a href="htps://x">` or\n\n    <a href="htps://x">\n')


def test_the_nearest_heading_is_offered(tmp_path: Path) -> None:
    assert finding(tmp_path, "# Memo\n\n[x](#cost)\n\n## Costs\n").hint == "did you mean `costs`?"


def test_a_page_that_is_not_in_the_plan_cannot_be_linked(tmp_path: Path) -> None:
    (tmp_path / "plans/harbour").mkdir(parents=True)
    (tmp_path / "plans/harbour/draft.md").write_text("# Draft")
    found = finding(tmp_path, "[x](draft.md)")
    assert (found.code, found.hint) == ("broken-link", "add `draft.md` to `pages:` in plan.yml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[x](draft.markdown)", "`draft.markdown` is not one of the plan's pages"),
        ("![x](draft.MD)", "`draft.MD` is not one of the plan's pages"),
        ("![x](memo.md)", "`memo.md` is a page, not a picture"),
    ],
)
def test_the_source_of_a_page_is_never_sealed_as_a_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "plans/harbour").mkdir(parents=True)
    for name in ("draft.markdown", "draft.MD"):
        (tmp_path / "plans/harbour" / name).write_text("# Draft")
    assert finding(tmp_path, text).message == message


def test_a_link_that_some_readers_cannot_follow_is_a_finding(tmp_path: Path) -> None:
    pages = ["memo.md", {"file": "pricing.md", "audience": ["dana"]}]
    _, (found,) = load(
        tmp_path, {"memo.md": "[x](pricing.md)", "pricing.md": "# Pricing"}, pages=pages, stakeholders=[DANA, PRIYA]
    )
    assert (found.code, found.message) == ("hidden-link", "`pricing.md` is hidden from readers of this page: priya")


def test_a_page_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "plans/harbour").mkdir(parents=True)
    (tmp_path / "plans/harbour/memo.md").write_bytes("# Memo\nGrüße\n".encode("latin-1"))
    loaded, (found,) = load_pages(tmp_path / "plans/harbour", plan(pages=["memo.md"]), tmp_path)
    assert (loaded, found.code, str(found.place)) == ((), "not-utf-8", "plans/harbour/memo.md:2:3")


def test_pages_with_similar_names_have_anchors_of_their_own(tmp_path: Path) -> None:
    loaded, _ = load(tmp_path, {"a b.md": "x", "a-b.md": "x", "A-b.md": "x", "価格.md": "x", "計画.md": "x"})
    assert len({one.anchor for one in loaded}) == 5
    assert loaded[1].anchor == "page-a-b"


def test_an_anchor_tells_of_no_other_page(tmp_path: Path) -> None:
    ((alone,), _) = load(tmp_path, {"価格.md": "x"})
    ((_, beside), _) = load(tmp_path, {"計画.md": "x", "価格.md": "x"})
    assert alone.anchor == beside.anchor


def test_a_page_cannot_pose_as_a_part_of_the_room(tmp_path: Path) -> None:
    memo = page(
        tmp_path, '<p id="milestone-security-review" class="toast badge" data-milestone="x" data-action="lock">x</p>'
    )
    assert str(memo.html).strip() == '<p id="page-memo--milestone-security-review">x</p>'


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x.png onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java\nscript:alert(1)">x</a>',
        "<svg onload=alert(1)><a xlink:href=javascript:alert(1)>x</a></svg>",
        "<iframe src=https://evil.example></iframe>",
        "<form action=https://evil.example><input name=p><button>x</button></form>",
        '<div style="position:fixed;inset:0">x</div><style>*{display:none}</style>',
        '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example">',
        "<math><mtext><table><mglyph><style><img src=x.png onerror=alert(1)>",
        '<noscript><p title="</noscript><img src=x.png onerror=alert(1)>">',
    ],
)
def test_markup_that_acts_is_inert(tmp_path: Path, html: str) -> None:
    loaded, _ = load(tmp_path, {"memo.md": f"Before\n\n{html}\n\nAfter\n"})
    elements = Elements(loaded[0].html).found
    assert not {tag for tag, _ in elements} & {
        "script",
        "style",
        "iframe",
        "form",
        "button",
        "svg",
        "base",
        "meta",
        "math",
    }
    for _, attributes in elements:
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "src"}]
        assert "script" not in (attributes.get("href") or "")


def test_a_box_belongs_to_its_text(tmp_path: Path) -> None:
    html = page(tmp_path, "- [x] Sent\n- [ ] Read\n    - inner\n").html
    assert html.count("<label>") == 2
    assert "Sent</label></li>" in html


def test_tables_keep_their_alignment_without_a_style(tmp_path: Path) -> None:
    assert '<td align="right">1,200</td>' in page(tmp_path, "| a |\n|---:|\n| 1,200 |\n").html


def test_the_settings_add_extensions_with_their_options(tmp_path: Path) -> None:
    folder = tmp_path / "plans" / "harbour"
    folder.mkdir(parents=True)
    (folder / "memo.md").write_text("H^2^O\n")
    (memo,), _ = load_pages(
        folder, plan(pages=["memo.md"]), tmp_path, extensions=[{"pymdownx.caret": {"insert": False}}]
    )
    assert "H<sup>2</sup>O" in memo.html


def test_plain_words_are_still_seen_by_extensions_that_look_for_words(tmp_path: Path) -> None:
    text = "| Term |\n|---|\n| SSO |\n\n- SSO\n\n*[SSO]: Single sign-on\n"
    here = tmp_path / "plans" / "harbour"
    here.mkdir(parents=True)
    (here / "memo.md").write_text(text, "utf-8")
    (memo,), found = load_pages(here, plan(pages=["memo.md"]), tmp_path, extensions=["abbr"])
    assert found == ()
    assert memo.html.count('<abbr title="Single sign-on">SSO</abbr>') == 2


def test_a_page_shows_its_contents_where_it_asks_for_them(tmp_path: Path) -> None:
    memo = page(tmp_path, "[TOC]\n\n## Costs\n\n## Savings\n")
    assert 'href="#page-memo--costs"' in memo.html
    assert "[TOC]" not in memo.html


def test_the_contents_of_a_page_leave_its_title_out(tmp_path: Path) -> None:
    memo = page(tmp_path, "# Memo\n\n[TOC]\n\n## Costs\n\n### Licences\n\n# Annex\n")
    assert Elements(memo.html).values("href") == [f"#page-memo--{name}" for name in ("costs", "licences", "annex")]


def test_a_link_to_the_title_leads_to_the_page(tmp_path: Path) -> None:
    (memo, _), found = load(
        tmp_path, {"memo.md": "# Memo\n\n[top](#memo) [there](costs.md#all-costs)\n", "costs.md": "# All costs\n"}
    )
    assert found == ()
    assert Elements(memo.html).values("href") == ["#page-memo", "#page-costs"]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("Text\n\n" + "[" * 1001, "3:1001", "more brackets are open here than a page can have"),
        ("[\n" * 1001, "1001:1", "more brackets are open here than a page can have"),
        ("[a](" * 1001, "1:4004", "more addresses of links are open here than a page can have"),
        ("![a](" * 9, "", ""),
        ("f(x(y( " * 2000, "", ""),
        ("[a\n\n" * 1500, "", ""),
        ("[a] " * 5000, "", ""),
        ('{"a": [1, 2]}, ' * 5000, "", ""),
        ("<div " * 2001, "1:10001", "more tags are open here than a page can have"),
        ("a < b << c\n" * 5000, "", ""),
        ("<b>a</b> " * 3000, "", ""),
        (
            '<div markdown="1">\n\n' * 400 + "a\n\n" + "</div>\n\n" * 400,
            "1:1",
            "too much is nested in each other on this page",
        ),
    ],
)
def test_a_page_that_would_take_minutes_to_read_is_told(tmp_path: Path, text: str, place: str, message: str) -> None:
    loaded, found = load(tmp_path, {"notes.md": text}, pages=["notes.md"])
    told = [(f"{one.place.line}:{one.place.column}", one.message) for one in found if one.code == "too-complex"]
    assert told == ([(place, message)] if message else [])
    assert bool(loaded) is not bool(message)
