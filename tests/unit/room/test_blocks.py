"""Blocks of a page that are for an audience: who sees them, what is left for the others, and what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.diagnostics import Diagnostic
from dealroom.plan.model import Plan
from dealroom.room.blocks import mark, seen_chains
from dealroom.room.excerpt import excerpt
from dealroom.room.page_files import blocks_of_pages
from dealroom.room.pages import LoadedPage, load_pages, pages_of
from dealroom.room.views import views
from tests.unit.room.rooms import DANA, PRIYA, TOM, plan

CFO = {"id": "cfo", "name": "Cleo Franks", "side": "buyer", "role": "economic-buyer"}
PEOPLE = [DANA, PRIYA, CFO, TOM]


class Room:
    """The pages of one plan, as its people read them."""

    def __init__(self, folder: Path, texts: dict[str, str], **fields: Any) -> None:
        here = folder / "plans" / "harbour"
        here.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (here / name).write_text(text, "utf-8")
        self.plan: Plan = plan(**{"pages": list(texts), "stakeholders": PEOPLE, **fields})
        self.views = views(self.plan, blocks=blocks_of_pages(here, self.plan))
        self.pages, self.found = load_pages(here, self.plan, folder)

    def page(self, person: str, file: str = "memo.md") -> LoadedPage:
        view = next(view for view in self.views if person in view.people)
        return next(page for page in pages_of(view, self.pages) if page.file == file)


def memo(folder: Path, text: str, **fields: Any) -> Room:
    room = Room(folder, {"memo.md": text}, **fields)
    assert room.found == ()
    return room


def told(folder: Path, text: str, **fields: Any) -> list[Diagnostic]:
    return list(Room(folder, {"memo.md": text}, **fields).found)


BLOCK = """# Memo

Why we do it.

::: {audience=cfo}
## Margin

The margin is 40 %.
:::

## Next

Signature.
"""


def test_only_the_audience_and_the_sellers_side_read_a_block(tmp_path: Path) -> None:
    room = memo(tmp_path, BLOCK)
    readers = {person for person in ("dana", "priya", "cfo", "tom") if "margin" in room.page(person).html}
    assert readers == {"cfo", "tom"}


def test_for_the_others_it_was_never_written(tmp_path: Path) -> None:
    room = memo(tmp_path, BLOCK)
    (tmp_path / "other").mkdir()
    without = memo(tmp_path / "other", "# Memo\n\nWhy we do it.\n\n## Next\n\nSignature.\n")
    shown, expected = room.page("dana"), without.page("dana")
    assert (str(shown.html).replace("\n", ""), shown.words, shown.toc, shown.summary) == (
        str(expected.html).replace("\n", ""),
        expected.words,
        expected.toc,
        expected.summary,
    )


def test_those_who_see_different_blocks_are_in_different_views(tmp_path: Path) -> None:
    room = memo(tmp_path, BLOCK)
    assert [view.people for view in room.views] == [("dana", "priya"), ("cfo", "tom")]
    assert len({view.id for view in room.views}) == 2


@pytest.mark.parametrize(
    "attribute",
    [
        '"dana role:economic-buyer"',
        "'dana role:economic-buyer'",
        "[dana, role:economic-buyer]",
        '["dana", "role:economic-buyer"]',
        "dana,role:economic-buyer",
        '"role:economic-buyer, dana"',
    ],
)
def test_an_audience_names_several(tmp_path: Path, attribute: str) -> None:
    room = memo(tmp_path, f"::: {{audience={attribute}}}\nHeron\n:::\n")
    assert [person for person in ("dana", "priya", "cfo") if "Heron" in room.page(person).html] == ["dana", "cfo"]


def test_a_block_in_a_block_is_for_who_is_in_both_audiences(tmp_path: Path) -> None:
    text = ":::: {audience=[dana, cfo]}\nHeron\n\n::: {audience=[priya, cfo]}\nPlover\n:::\n\nCurlew\n::::\n"
    room = memo(tmp_path, text)

    def words(person: str) -> list[str]:
        return [word for word in ("Heron", "Plover", "Curlew") if word in room.page(person).html]

    assert words("dana") == ["Heron", "Curlew"]
    assert words("cfo") == words("tom") == ["Heron", "Plover", "Curlew"]
    assert words("priya") == []
    assert [view.people for view in room.views] == [("dana",), ("priya",), ("cfo", "tom")]


def test_whoever_has_the_shared_passphrase_is_in_no_audience(tmp_path: Path) -> None:
    everybody = "[dana, priya, cfo]"
    room = memo(tmp_path, f"::: {{audience={everybody}}}\nHeron\n:::\n", access={"shared": True})
    (shared,) = [view for view in room.views if view.shared]
    assert shared.people == ()
    assert "Heron" not in pages_of(shared, room.pages)[0].html


def test_a_page_without_blocks_is_there_once(tmp_path: Path) -> None:
    room = Room(tmp_path, {"memo.md": BLOCK, "plain.md": "# Plain\n"})
    assert [page.file for page in room.pages] == ["memo.md", "memo.md", "plain.md"]


@pytest.mark.parametrize("fence", ["```", "~~~~", "    ```"])
def test_fenced_code_shows_the_colons(tmp_path: Path, fence: str) -> None:
    indent = " " * (len(fence) - len(fence.lstrip()))
    text = f"Like so:\n\n{fence}\n{indent}::: {{audience=nobody}}\n{indent}x\n{indent}:::\n{fence}\n"
    room = memo(tmp_path, text)
    assert "::: {audience=nobody}" in room.page("dana").html


def test_a_code_span_shows_the_colons(tmp_path: Path) -> None:
    assert "audience=nobody" in memo(tmp_path, "Write `::: {audience=nobody}` there.\n").page("dana").html


def test_the_title_of_a_page_may_be_for_an_audience(tmp_path: Path) -> None:
    room = memo(tmp_path, "::: {audience=cfo}\n# Margin\n:::\n\n# Memo\n\nText.\n")
    assert (room.page("cfo").title, room.page("dana").title) == ("Margin", "Memo")


def test_a_front_matter_moves_no_place(tmp_path: Path) -> None:
    (found,) = told(tmp_path, "---\ntitle: Memo\n---\n\n::: {audience=dona}\nx\n:::\n")
    assert (found.code, str(found.place)) == ("dangling-id", "plans/harbour/memo.md:5:15")


def test_a_table_stays_one_table(tmp_path: Path) -> None:
    rows = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    room = memo(tmp_path, f"{rows}::: {{audience=cfo}}\n| 3 | 4 |\n:::\n| 5 | 6 |\n")
    html = room.page("cfo").html
    assert (html.count("<table>"), html.count("<tr>")) == (1, 4)
    assert (room.page("dana").html.count("<table>"), room.page("dana").html.count("<tr>")) == (1, 3)


def test_a_numbered_list_has_no_gap(tmp_path: Path) -> None:
    room = memo(tmp_path, "::: {audience=cfo}\n1. Heron\n2. Plover\n:::\n3. Curlew\n4. Dunlin\n")
    assert "start" not in room.page("dana").html
    assert "<li>Dunlin</li>" in room.page("dana").html
    later = memo(tmp_path, "1. Egret\n::: {audience=cfo}\n2. Heron\n:::\n3. Curlew\n")
    assert later.page("dana").html.count("<ol>") == 1


def test_footnotes_are_numbered_without_the_hidden_ones(tmp_path: Path) -> None:
    notes = "[^a]: Heron\n\n[^b]: Plover, see[^c]\n\n    and Dunlin\n\n[^c]: Curlew\n"
    room = memo(tmp_path, f"One[^a].\n\n::: {{audience=cfo}}\nTwo[^b].\n:::\n\nThree.\n\n{notes}")
    html = room.page("dana").html
    assert "Heron" in html
    assert not [word for word in ("Plover", "Dunlin", "Curlew", "fn:b", "fn:c") if word in html]
    assert all(word in room.page("cfo").html for word in ("Heron", "Plover", "Dunlin", "Curlew"))


def test_files_of_a_block_are_sealed_for_its_audience(tmp_path: Path) -> None:
    (tmp_path / "plans/harbour").mkdir(parents=True)
    (tmp_path / "plans/harbour/margin.pdf").write_bytes(b"%PDF")
    room = memo(tmp_path, "::: {audience=cfo}\n[Margin](margin.pdf)\n:::\n")
    assert [file.path for file in room.page("cfo").files] == ["margin.pdf"]
    assert room.page("dana").files == ()


@pytest.mark.parametrize(
    ("text", "code", "place", "message", "hint"),
    [
        ("Text\n\n::: {audience=cfo}\nx\n", "unclosed-block", "3:1", "this block is never closed", "write `:::` below"),
        ("x\n\n:::\n", "invalid-block", "3:1", "this closes no block", "remove it"),
        ("::: {audience=dona}\nx\n:::", "dangling-id", "1:15", "no stakeholder has the id `dona`", "`dana`"),
        ('::: {audience="dana role:cto"}\nx\n:::', "dangling-id", "1:21", "nobody in this plan has the role `cto`", ""),
        ("::: {audiance=cfo}\nx\n:::", "unknown-key", "1:6", "a block has no `audiance`", "did you mean `audience`?"),
        ("::: {audience=cfo .wide}\nx\n:::", "unknown-key", "1:19", "a block has no `.wide`", "only an audience"),
        ("::: {audience=}\nx\n:::", "invalid-block", "1:14", "`=` cannot be read here", "::: {audience=ID}"),
        ('::: {audience=""}\nx\n:::', "missing-value", "1:1", "this block names nobody", "{audience=ID}"),
        ("::: {}\nx\n:::", "missing-value", "1:1", "this block names nobody", "{audience=ID}"),
        ("::: cfo\nx\n:::", "invalid-block", "1:1", "this begins no block", "::: {audience=ID}"),
        ("::: {audience=cfo\nx\n:::", "invalid-block", "1:1", "this begins no block", "::: {audience=ID}"),
        ("::: {audience=cfo} text\nx\n:::", "invalid-block", "1:1", "this begins no block", "a line of its own"),
        (
            "> ::: {audience=cfo}\n> x\n",
            "invalid-block",
            "1:7",
            "an audience here hides nothing",
            "a line of its own",
        ),
        ("- ::: {audience=cfo}\n", "invalid-block", "1:7", "an audience here hides nothing", "its own"),
        (
            "## Margin {audience=cfo}\n",
            "invalid-block",
            "1:11",
            "an audience here hides nothing",
            "a line of its own",
        ),
        (
            '<div audience="cfo">x</div>\n',
            "invalid-block",
            "1:1",
            "an audience here hides nothing",
            "a line of its own",
        ),
        (
            "    ::: {audience=dona}\n    x\n    :::\n",
            "dangling-id",
            "1:19",
            "no stakeholder has the id `dona`",
            "dana",
        ),
    ],
)
def test_what_is_wrong_with_a_block_is_told_at_its_place(
    tmp_path: Path, text: str, code: str, place: str, message: str, hint: str
) -> None:
    (found,) = told(tmp_path, text)
    assert (found.code, found.message, str(found.place)) == (code, message, f"plans/harbour/memo.md:{place}")
    assert hint in (found.hint or "")


def test_a_link_out_of_a_block_may_lead_where_its_audience_may_go(tmp_path: Path) -> None:
    fields = {"pages": ["memo.md", {"file": "pricing.md", "audience": ["cfo"]}]}
    texts = {"memo.md": "::: {audience=cfo}\n[Prices](pricing.md)\n:::\n", "pricing.md": "# Pricing\n"}
    assert Room(tmp_path, texts, **fields).found == ()


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            "::: {audience=cfo}\n[a](pricing.md)\n:::\n\n[b](pricing.md)\n",
            "5:5",
            "`pricing.md` is hidden from readers of this page: dana, priya",
        ),
        (
            '::: {audience="cfo priya"}\n[a](pricing.md)\n:::\n',
            "2:5",
            "`pricing.md` is hidden from readers of this page: priya",
        ),
        (
            "[a](#margin)\n\n::: {audience=cfo}\n## Margin\n:::\n",
            "1:5",
            "`#margin` is hidden from readers of this page: dana, priya",
        ),
        (
            "[a](open.md#heron)\n",
            "1:5",
            "`open.md#heron` is hidden from readers of this page: dana, priya",
        ),
    ],
)
def test_a_link_that_some_of_its_readers_cannot_follow_is_told(
    tmp_path: Path, text: str, place: str, message: str
) -> None:
    pages = ["memo.md", "open.md", {"file": "pricing.md", "audience": ["cfo"]}]
    texts = {"memo.md": text, "open.md": "::: {audience=cfo}\n## Heron\n:::\n", "pricing.md": "# Pricing\n"}
    (found,) = Room(tmp_path, texts, pages=pages).found
    assert (found.code, found.message, str(found.place)) == ("hidden-link", message, f"plans/harbour/memo.md:{place}")


@pytest.mark.parametrize("file", ["memo.md", "./memo.md", "copy.md"])
def test_the_markdown_of_a_page_with_blocks_is_no_document(tmp_path: Path, file: str) -> None:
    (tmp_path / "plans/harbour").mkdir(parents=True)
    (tmp_path / "plans/harbour/copy.md").symlink_to("memo.md")
    (found,) = told(tmp_path, BLOCK, documents=[{"title": "Memo", "file": file}])
    assert (found.code, str(found.place)) == ("private-file", "plans/harbour/memo.md:5:1")


@pytest.mark.parametrize(("others", "shut_out"), [([], "cfo"), (["cfo"], None)])
def test_a_linked_file_is_for_whom_the_documents_list_it(
    tmp_path: Path, others: list[str], shut_out: str | None
) -> None:
    listed = [["dana", "priya"], *([others] if others else [])]
    documents = [{"title": "Report", "file": "report.pdf", "audience": audience} for audience in listed]
    (tmp_path / "plans/harbour").mkdir(parents=True)
    (tmp_path / "plans/harbour/report.pdf").write_bytes(b"%PDF")
    found = told(tmp_path, "[x](report.pdf)\n", documents=documents)
    expected = [f"`report.pdf` is hidden from readers of this page: {shut_out}"] if shut_out else []
    assert [one.message for one in found] == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("One[^a].\n\n::: {audience=cfo}\n[^a]: Heron\n:::\n", "1:4"),
        ("See [it][heron].\n\n::: {audience=cfo}\n[heron]: https://heron.example\n:::\n", "1:9"),
    ],
)
def test_what_is_defined_in_a_block_is_not_referred_to_outside(tmp_path: Path, text: str, place: str) -> None:
    (found,) = told(tmp_path, text)
    assert (found.code, str(found.place)) == ("hidden-link", f"plans/harbour/memo.md:{place}")


def test_a_block_that_an_extension_brings_in_is_told(tmp_path: Path) -> None:
    here = tmp_path / "plans" / "harbour"
    here.mkdir(parents=True)
    (here / "memo.md").write_text('# Memo\n\n--8<-- "margin.txt"\n', "utf-8")
    (here / "margin.txt").write_text("::: {audience=cfo}\nHeron\n:::\n", "utf-8")
    written = plan(pages=["memo.md"], stakeholders=PEOPLE)
    _, (found,) = load_pages(here, written, tmp_path, extensions=[{"pymdownx.snippets": {"base_path": [str(here)]}}])
    assert (found.code, str(found.place)) == ("invalid-block", "plans/harbour/memo.md")


LINES = st.lists(
    st.sampled_from(["text", "", "- item", "1. one", "| a |", "::: {audience=a}", "::: {audience=b}", ":::", "```"]),
    max_size=14,
)


@given(LINES, st.sampled_from(["", "a", "b", "ab"]))
def test_no_line_of_a_hidden_block_is_ever_shown(written: list[str], who: str) -> None:
    """Each line says in its text for whom it is, by a reading of the fences that knows nothing of blocks."""
    lines, open_for, code = [], list[str](), False
    for number, line in enumerate(written):
        if line == "```" and (code or "```" in written[number + 1 :]):
            code = not code
        elif not code and line.startswith("::: {"):
            open_for.append(line[-2])
        elif not code and line == ":::" and open_for:
            open_for.pop()
        plain = not line.startswith((":::", "```"))
        lines.append(f"{line} for{''.join(open_for)}." if plain and line else line)
    marked = mark("memo.md", "\n".join(lines), 1, lambda _term: None)
    shown = excerpt(marked, seen_chains(marked.blocks, lambda terms: set(terms) <= set(who))).lines
    if not marked.diagnostics:
        seen = [line for line in lines if "for" in line and set(line.partition("for")[2].strip(".")) <= set(who)]
        assert [line.partition(" ")[2] for line in shown if "for" in line] == [line.partition(" ")[2] for line in seen]
