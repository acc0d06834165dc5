from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.room.inline import inline, label, plain


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Security review", "Security review"),
        ("R&D <team>", "R&amp;D &lt;team&gt;"),
        ("**SOC 2** and *pen test*", "<strong>SOC 2</strong> and <em>pen test</em>"),
        ("run `make <all>`", "run <code>make &lt;all&gt;</code>"),
        ("order_error_rate", "order_error_rate"),
        ("# 1 priority", "# 1 priority"),
        ("- not a list", "- not a list"),
        (r"5 \* 3", "5 * 3"),
        ("one\nline", "one\nline"),
        ("one\n\nother", "one<br>other"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("![x](https://tracker.example/p.gif)", "![x](https://tracker.example/p.gif)"),
    ],
)
def test_a_short_text_holds_inline_markdown_and_no_html(written: str, shown: str) -> None:
    assert str(inline(written)) == shown


def test_a_link_opens_beside_the_room_and_tells_nothing() -> None:
    link = '<a href="https://soc2.example" target="_blank" rel="noopener noreferrer">report</a>'
    assert str(inline("[report](https://soc2.example)")) == link


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x"]
)
def test_a_link_that_could_run_leads_nowhere(url: str) -> None:
    assert "href" not in inline(f"[x]({url})")


def test_a_label_has_no_link_of_its_own() -> None:
    assert str(label("Read the [report](https://soc2.example) *today*")) == "Read the report <em>today</em>"


@pytest.mark.parametrize(
    ("written", "said"), [("A **bold** move", "A bold move"), ("a < b & c", "a < b & c"), ("one\n\nother", "one other")]
)
def test_plain_text_is_what_one_would_read_aloud(written: str, said: str) -> None:
    assert plain(written) == said


@given(st.text(alphabet="*_`[](){}<>!\\&\"' \n\x02\x03ab:/#0", max_size=60))
def test_no_text_becomes_markup_of_its_own(text: str) -> None:
    html = str(inline(text))
    for tag in ("a", "br", "code", "em", "strong"):
        html = html.replace(f"</{tag}>", "").replace(f"<{tag}>", "")
    assert "<" not in html.replace('<a target="_blank" rel="noopener noreferrer">', "").replace("<a href=", "")


def test_a_text_that_would_take_minutes_to_read_stays_as_written() -> None:
    assert inline("**a** " + "[a](" * 20_000) == "**a** " + "[a](" * 20_000
