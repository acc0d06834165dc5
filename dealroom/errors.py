"""The one base of everything dealroom raises on purpose.

A `Problem` is for the person who can act: `message` says what is wrong, `hint` what to do. The command line prints both
and exits with `exit_code`; anything that is not a `Problem` is a fault of dealroom's own.
"""

from __future__ import annotations


class Problem(Exception):
    """Something a person can put right. Messages have no capital and no full stop."""

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageProblem(Problem):
    """The command was called in a way that cannot work."""

    exit_code = 2
