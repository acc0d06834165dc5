"""The rules in words: one rule for a terminal, and the page of all rules in the handbook."""

from __future__ import annotations

import textwrap

from dealroom.diagnostics.codes import FILE_FAULTS
from dealroom.diagnostics.sarif import RuleText
from dealroom.health.rule import Rule, Until
from dealroom.health.rules import BY_CODE, RULES
from dealroom.health_settings import HealthSettings

# A terminal's usual width; longer lines are hard to read anyway.
WIDTH = 80

INTRODUCTION = """\
# The rules of health

`dealroom check` looks for the mistakes that make plans fail. Every finding has a code; `dealroom explain CODE` prints
what stands here about it. Findings of health are for the seller: they never stop a room from being built, and a buyer
never sees them.

An **error** cannot be right in any deal: `check` ends with exit code 1. A **warning** is a mistake in most deals; if it
is none in yours, say why, in the plan or for all plans:

```yaml
# plan.yml
ignore:
  no-procurement: Harbour Foods buys through its framework contract with us
```

```yaml
# dealroom.yml
health:
  ignore: [no-procurement]
```

A code that no rule has is reported there as `unknown-rule`, since it would leave out nothing. For one run, rules are
chosen with `dealroom check --select CODE` and `--ignore CODE`.

The thresholds are settings, here with their defaults:

"""


def explain(rule: Rule) -> str:
    """One rule, for a terminal."""
    paragraphs = [textwrap.fill(" ".join(part.split()), WIDTH) for part in rule.reason.split("\n\n")]
    return "\n\n".join(
        [
            f"{rule.code} ({_facts(rule)})",
            textwrap.fill(rule.fault, WIDTH),
            *paragraphs,
            "For example:\n\n" + textwrap.indent(rule.example.rstrip(), "    "),
            textwrap.fill(f"What to do: {rule.fix}", WIDTH),
        ]
    )


def explain_file_fault(code: str) -> str:
    """A finding about a file, for a terminal."""
    fault = FILE_FAULTS[code]
    return "\n\n".join(
        [
            f"{code} (about a file)",
            textwrap.fill(fault.wrong, WIDTH),
            textwrap.fill(f"What to do: {fault.remedy}", WIDTH),
        ]
    )


def summary() -> str:
    """All codes, a line each: the rules of health, then the findings about files."""
    width = max(len(code) for code in (*BY_CODE, *FILE_FAULTS))
    rules = [f"  {rule.code:{width}}  {rule.severity:7}  {rule.fault}" for rule in RULES]
    files = [f"  {code:{width}}  {fault.wrong}" for code, fault in FILE_FAULTS.items()]
    return "\n".join(["Health: will the plan work?", *rules, "", "Files: can the plan be read?", *files])


def page() -> str:
    """The page of all rules, in Markdown."""
    return INTRODUCTION + _defaults() + "".join(f"\n{section(rule)}" for rule in RULES)


def sarif_rules() -> dict[str, RuleText]:
    """What a SARIF viewer shows about each code."""
    health = {rule.code: RuleText(rule.fault, " ".join(rule.reason.split()), _body(rule)) for rule in RULES}
    files = {code: RuleText(wrong, remedy, f"{wrong}\n\n{remedy}") for code, (wrong, remedy) in FILE_FAULTS.items()}
    return files | health


def _defaults() -> str:
    settings = HealthSettings()
    share, simple = settings.buyer_share, settings.simple_deal
    lines = [
        (f"buyer_share: {{min: {share.min} %, max: {share.max} %}}", "of the milestones"),
        (f"review_cadence: {settings.review_cadence}d", "calendar days; 2w is two weeks"),
        (f"plan_length: {settings.plan_length}", "milestones"),
        (f"simple_deal: {{people: {simple.people}, milestones: {simple.milestones}}}", "fewer of both is simple"),
        (f"quarter_end: {settings.quarter_end}d", "calendar days before the seller's quarter ends"),
    ]
    width = max(len(setting) for setting, _ in lines)
    written = "".join(f"  {setting:{width}}  # {meaning}\n" for setting, meaning in lines)
    return f"```yaml\nhealth:\n{written}```\n"


def section(rule: Rule) -> str:
    """One rule, in Markdown."""
    return f"## {rule.code}\n\n*{_facts(rule).capitalize()}.* {rule.fault}\n\n{_body(rule)}"


def _body(rule: Rule) -> str:
    return f"{rule.reason}\n\n```yaml\n{rule.example}```\n\n**What to do:** {rule.fix}.\n"


def _facts(rule: Rule) -> str:
    facts = [str(rule.severity)]
    if rule.until is not Until.ALWAYS:
        facts.append(rule.until.value)
    if rule.setting:
        facts.append(f"setting `{rule.setting}`")
    return ", ".join(facts)
