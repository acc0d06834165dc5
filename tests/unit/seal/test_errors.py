from __future__ import annotations

import inspect
import re

import pytest

from dealroom.errors import Problem
from dealroom.seal import errors


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    def lines(cls: type[Problem], indent: str = "") -> list[str]:
        children = cls.__subclasses__()
        drawn = []
        for child in children:
            last = child is children[-1]
            drawn.append(f"{indent}{'└── ' if last else '├── '}{child.__name__}")
            drawn += lines(child, indent + ("    " if last else "│   "))
        return drawn

    drawn = re.findall(r"^([│├└─ ]*)(\w+) {2,}\S", inspect.getdoc(errors) or "", re.MULTILINE)
    assert [branch + name for branch, name in drawn] == ["SealError", *lines(errors.SealError)]


@pytest.mark.parametrize(
    "error",
    [
        errors.WrongPassphrase(),
        errors.WrongLink(),
        errors.RoomClosed(),
        errors.DamagedRoom("its page is gone"),
        errors.UnknownFormat("dealroom/9"),
        errors.UnsafeSettings("too weak"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_tells_what_is_wrong_and_what_to_do(error: Problem) -> None:
    assert error.message
    assert error.hint
    for text in (error.message, error.hint):
        assert text[0].islower()
        assert not text.endswith(".")
