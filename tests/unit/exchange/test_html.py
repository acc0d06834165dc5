"""A room as one file: what goes into it, and what its policy allows. That it opens is tested in a browser."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from dealroom.errors import Problem
from dealroom.exchange.html import Published, chosen_objects, write_html

PAGE = """<!doctype html>
<head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self' blob: https://video.example">
<link rel="icon" href="../assets/icon-1.svg">
<link rel="preload" href="../assets/text-1.woff2" as="font">
<link rel="stylesheet" href="../assets/room-1.css" integrity="sha384-x">
<link rel="modulepreload" href="../assets/chunk-1.js" integrity="sha384-x">
<script type="module" src="../assets/main-1.js" integrity="sha384-x"></script>
</head><body><p>Locked</p></body>
"""
CSS = "@font-face{font-family:'A';src:url('text-1.woff2') format('woff2')}"
ASSETS = {"room-1.css": CSS.encode(), "text-1.woff2": b"font", "icon-1.svg": b"<svg/>"}


def written(script: str = "start()", css: str = CSS, page: str = PAGE) -> str:
    assets = {**ASSETS, "room-1.css": css.encode()}
    return write_html(Published(page, {"00ff": b"sealed"}, assets, "https://rooms.example/r/"), script)


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_everything_that_the_page_loads_is_in_it() -> None:
    page = written()
    assert "../assets/" not in re.sub(r"<script type=\"application/json\".*?</script>", "", page)
    assert f"data:font/woff2;base64,{b64encode(b'font').decode()}" in page
    assert f'<script type="application/octet-stream" id="o-00ff">{b64encode(b"sealed").decode()}</script>' in page
    assert '"online":"https://rooms.example/r/"' in page
    assert "preload" not in page


def test_the_policy_allows_just_that() -> None:
    page = written()
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert found
    assert style
    assert found[1].split("; ") == [
        "default-src 'none'",
        f"script-src {digest('start()')} 'wasm-unsafe-eval'",
        f"style-src {digest(style[1])}",
        "img-src data:",
        "font-src data:",
        "connect-src 'none'",
        "frame-src blob: https://video.example",
    ]


@pytest.mark.parametrize("text", ["'</script>'", "a </STYLE> b", "/* <!-- */"])
def test_nothing_ends_the_script_or_the_style_early(text: str) -> None:
    with pytest.raises(Problem):
        written(script=text)
    with pytest.raises(Problem):
        written(css=f"{CSS}{text}")


def test_a_page_of_another_form_is_told() -> None:
    with pytest.raises(Problem, match="no style sheet"):
        written(page="<!doctype html><body></body>")


@pytest.mark.parametrize(
    ("largest", "chosen"),
    [
        (1_000, ("big", "middle", "small", "view")),
        (500, ("middle", "small", "view")),
        (111, ("small", "view")),
        (1, ("view",)),
    ],
)
def test_views_are_always_in_it_and_small_files_come_first(largest: int, chosen: tuple[str, ...]) -> None:
    assert chosen_objects({"big": 600, "middle": 200, "small": 11, "view": 100}, ["view"], largest) == chosen
