"""What a rule is: the check and, beside it, everything a seller needs to understand a finding and clear it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from dealroom.diagnostics import Severity
from dealroom.health.facts import Facts

# From the top of plan.yml down to a value: ("milestones", 2, "due").
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault a rule found. `message` stands alone; `path` is where in `plan.yml`; `hint` replaces the rule's fix."""

    path: Path
    message: str
    hint: str | None = None


class Until(Enum):
    """How long a rule has something to say."""

    SIGNATURE = "until the contract is signed"
    GO_LIVE = "until go-live"
    ALWAYS = "always"


Check = Callable[[Facts], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A mistake that makes plans fail.

    `fault` is the mistake in one sentence, `reason` why it matters, with the source of every figure, `example` a plan
    that makes it, in YAML, and `fix` the one thing to do. `setting` is the key under `health:` that holds its
    threshold.
    """

    code: str
    severity: Severity
    until: Until
    fault: str
    reason: str
    example: str
    fix: str
    setting: str | None
    check: Check

    def findings(self, facts: Facts) -> list[Finding]:
        """What the rule finds now: nothing when the deal is past the point where it matters."""
        if self.until is not Until.ALWAYS and facts.is_live:
            return []
        if self.until is Until.SIGNATURE and facts.is_signed:
            return []
        return list(self.check(facts))


def rule(
    severity: Severity,
    *,
    fault: str,
    reason: str,
    example: str,
    fix: str,
    until: Until = Until.GO_LIVE,
    setting: str | None = None,
) -> Callable[[Check], Rule]:
    """Make the function below a rule. Its code is the function's name: `seller_only_plan` is `seller-only-plan`."""

    def declare(check: Check) -> Rule:
        return Rule(
            code=check.__name__.replace("_", "-"),
            severity=severity,
            until=until,
            fault=fault,
            reason=inspect.cleandoc(reason),
            example=inspect.cleandoc(example) + "\n",
            fix=fix,
            setting=setting,
            check=check,
        )

    return declare
