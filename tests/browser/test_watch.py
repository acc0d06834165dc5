"""The browser tests' own safety net: a page with a fault fails its test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.waiting import until
from tests.browser.watch import Watch

FAULTS = {
    "a console error": ("<script>console.error('lost')</script>", "console error: lost"),
    "a missing image": ("<img src='missing.png' alt=''>", "console error: Failed to load resource: .*404"),
    "an uncaught exception": ("<script>throw new Error('lost')</script>", "uncaught exception: lost"),
    "an unhandled rejection": ("<script>Promise.reject(new Error('lost'))</script>", "uncaught exception: lost"),
}


# What a page may do wrong against its policy. `script.js` is its own.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types dealroom"
)
VIOLATIONS = {
    "an inline script": ("<script>1</script>", ""),
    "an inline style": ("<style>p {color: red}</style>", ""),
    "an image": ("<img src='own.png' alt=''>", ""),
    "a frame": ("<iframe src='about:blank#x' srcdoc='x'></iframe><iframe src='own.html'></iframe>", ""),
    "a connection": ("", "fetch('/own').catch(() => 0)"),
    "eval": ("", "try { eval('1') } catch {}"),
    "HTML without a policy": ("<p id=p>", "try { p.innerHTML = 'x' } catch {}"),
    "a policy of another name": ("", "try { trustedTypes.createPolicy('other', {}) } catch {}"),
}


@pytest.mark.parametrize(("body", "script"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_violation_of_the_policy_is_seen(
    body: str, script: str, page: Page, watch: Watch, serve_folder: Callable[[Path], str], tmp_path: Path
) -> None:
    (tmp_path / "script.js").write_text(script)
    (tmp_path / "index.html").write_text(
        f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{POLICY}; img-src data:">'
        f"<link rel=icon href=data:,>{body}<script src=script.js></script>"
    )

    page.goto(serve_folder(tmp_path))

    violated = "Content Security Policy violated"
    until(page, lambda: any(text.startswith(violated) for text in watch.verdict()), "the violation is seen")
    watch.expect(".")


@pytest.mark.parametrize(("body", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_seen(
    body: str, said: str, page: Page, watch: Watch, serve_folder: Callable[[Path], str], tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(f"<!doctype html><link rel=icon href=data:,>{body}")

    page.goto(serve_folder(tmp_path))

    until(page, watch.verdict, "the fault is seen")
    watch.expect(said)
    assert watch.verdict() == []


def test_a_request_to_another_origin_is_seen(
    page: Page, watch: Watch, serve_folder: Callable[[Path], str], tmp_path: Path
) -> None:
    elsewhere = serve_folder(tmp_path)
    (tmp_path / "style.css").touch()
    (tmp_path / "index.html").write_text(
        f"<!doctype html><link rel=icon href=data:,><link rel=stylesheet href='{elsewhere}/style.css'>"
    )

    page.goto(serve_folder(tmp_path))

    assert watch.verdict() == [f"request to another origin: {elsewhere}/style.css"]
    watch.expect("another origin")


def test_a_clean_page_passes(page: Page, watch: Watch, serve_folder: Callable[[Path], str], tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><link rel=icon href=data:,><title>Clean</title>")

    page.goto(serve_folder(tmp_path))

    assert page.title() == "Clean"
    assert watch.verdict() == []


def test_a_fault_that_was_expected_has_to_occur(watch: Watch) -> None:
    watch.expect("lost")
    assert watch.verdict() == ["expected, but did not occur: lost"]
    watch.expected.clear()
