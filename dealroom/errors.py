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


def as_problem(fault: Problem | OSError) -> Problem:
    """What the operating system refused, said as a Problem; a Problem stays as it is."""
    if isinstance(fault, Problem):
        return fault
    where = f"{fault.filename}: " if fault.filename else ""
    return Problem(
        where + (fault.strerror or str(fault)).lower(), "check that the file exists and may be read and written"
    )
