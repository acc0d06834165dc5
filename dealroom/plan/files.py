"""The files that a plan names, and whether they are what the plan takes them for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import TypeVar

from dealroom.diagnostics import Diagnostic, error
from dealroom.diagnostics.wording import quoted
from dealroom.files import Fault, file_fault, on_disk
from dealroom.plan.model import Plan
from dealroom.plan.part import Part
from dealroom.plan.references import Locate, Path

P = TypeVar("P", bound=Part)

# What mkdocs takes as Markdown (`mkdocs.utils.markdown_extensions`).
MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkdn", ".mkd"})


def check_files(plan: Plan, folder: FilePath, locate: Locate) -> Iterator[Diagnostic]:
    """Every path in `plan` that is not a file in its `folder`."""
    for path, written in _paths(plan):
        fault = file_fault(folder, written)
        if fault is None and path[0] == "pages":
            fault = _page_fault(written)
        if fault:
            code, message, hint = fault
            yield error(code, message, locate(path), hint)


def with_names_on_disk(plan: Plan, folder: FilePath) -> Plan:
    """The plan with the paths of its files as they are on the disk, however their letters are composed."""
    if all(written.isascii() for _, written in _paths(plan)):
        return plan

    def named(part: P, key: str) -> P:
        written = getattr(part, key)
        return part.model_copy(update={key: on_disk(folder, written)}) if written else part

    return plan.model_copy(
        update={
            "buyer": named(plan.buyer, "logo"),
            "seller": named(plan.seller, "logo") if plan.seller else None,
            "documents": tuple(named(document, "file") for document in plan.documents),
            "pages": tuple(named(page, "file") for page in plan.pages),
        }
    )


def _paths(plan: Plan) -> Iterator[tuple[Path, str]]:
    for name, company in (("buyer", plan.buyer), ("seller", plan.seller)):
        if company and company.logo:
            yield (name, "logo"), company.logo
    for index, document in enumerate(plan.documents):
        if document.file:
            yield ("documents", index, "file"), document.file
    for index, page in enumerate(plan.pages):
        yield ("pages", index, "file"), page.file


def _page_fault(written: str) -> Fault | None:
    if PurePosixPath(written).suffix.lower() in MARKDOWN_SUFFIXES:
        return None
    return "not-markdown", f"{quoted(written)} is not a Markdown page", "pages end in .md; others go under `documents:`"
