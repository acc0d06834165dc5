"""The mutual action plan as written: every field of `plan.yml`, checked for form.

`plan.read` fills these classes and turns what does not fit into diagnostics; `plan.references` checks what one
field says about another. Text arrives as the characters the seller typed (`4.10 %` stays `4.10 %`), so `no`,
`1e3` or `12:30` never turn into something else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, JsonValue

from dealroom.company import Blackout, Company
from dealroom.fields import Audience, Day, Email, Id, Ids, Lang, RoomPath, Takes, Text, Texts, Url, Written

DEFAULT_LABEL = "Mutual Action Plan"


class Side(StrEnum):
    """Which company someone or something belongs to."""

    BUYER = "buyer"
    SELLER = "seller"


class Status(StrEnum):
    """What the seller says of a milestone."""

    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    DONE = "done"
    BLOCKED = "blocked"
    DROPPED = "dropped"


class CriterionStatus(StrEnum):
    """Whether a success criterion has been proven."""

    OPEN = "open"
    MET = "met"
    MISSED = "missed"


class Part(Written):
    """Anything in a plan: it may carry `internal` notes, which never leave the workspace."""

    internal: JsonValue = None


class Buyer(Company, Part):
    """The company the plan is for."""


class Seller(Company, Part):
    """The company that wrote the plan, where it differs from the settings."""


class GoLive(Part):
    """The buyer's date, from which everything is counted back.

    `milestone` names the milestone that is the go-live, when the plan goes on after it (a value review): what comes
    after that milestone is not squeezed in before the date.
    """

    date: Day
    why: Text | None = None
    milestone: Id | None = None


class Stakeholder(Part):
    """A person on either side. `role` is what they are in the deal: `champion`, `economic-buyer`, `legal` …"""

    id: Id
    name: Text
    side: Side
    title: Text | None = None
    role: Id | None = None
    email: Email | None = None


class SuccessCriterion(Part):
    """What "done" means for the buyer, measurably."""

    id: Id
    statement: Text
    baseline: Text | None = None
    target: Text | None = None
    current: Text | None = None
    owner: Id | None = None
    proven_by: Id | None = None
    status: CriterionStatus = CriterionStatus.OPEN
    audience: Audience | None = None


class Owners(Part):
    """One accountable person a side; one side alone is allowed."""

    buyer: Id | None = None
    seller: Id | None = None


class Step(Part):
    """A piece of work inside a milestone."""

    id: Id
    title: Text
    owner: Id | None = None
    due: Day | None = None
    done: Day | None = None


class Blocked(Part):
    """What a milestone waits for outside the plan, and who can clear it."""

    by: Text
    owner: Id | None = None
    since: Day | None = None


class Milestone(Part):
    """A point both sides work towards. `after` is `None` when it was not written, which differs from an empty list."""

    id: Id
    title: Text
    phase: Text | None = None
    owners: Owners = Owners()
    takes: Takes | None = None
    after: Ids | None = None
    due: Day | None = None
    started: Day | None = None
    done: Day | None = None
    done_when: Texts = ()
    steps: tuple[Step, ...] = ()
    status: Status | None = None
    blocked: Blocked | None = None
    notes: Text | None = None
    audience: Audience | None = None

    @property
    def state(self) -> Status:
        """The status as written, else what the dates say: done, blocked, in progress, not started."""
        if self.status is not None:
            return self.status
        if self.done:
            return Status.DONE
        if self.blocked:
            return Status.BLOCKED
        return Status.IN_PROGRESS if self.started else Status.NOT_STARTED


class Document(Part):
    """A file beside the plan, sealed with it, or a link to elsewhere. Exactly one of `file` and `url`."""

    title: Text
    file: Text | None = None
    url: Url | None = None
    kind: Id | None = None
    audience: Audience | None = None


def _page(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


class Page(Part):
    """A Markdown page beside the plan. `title` replaces its first heading in the menu."""

    file: Text
    title: Text | None = None
    audience: Audience | None = None


class Review(Part):
    """A meeting at which both sides looked at the plan."""

    on: Day
    with_: Annotated[Ids, Field(alias="with")] = ()
    note: Text | None = None
    next: Day | None = None


class Agreement(Part):
    """Someone agreed to the commitments as they stood; `of` is their digest."""

    by: Id
    on: Day
    of: Text


class Access(Part):
    """How the room is opened, beside a link and a passphrase for each person of the buyer's side."""

    shared: bool = False


class Forecast(Part):
    """`spread: none` takes fixed working times as certain."""

    spread: Literal["default", "none"] = "default"


class Plan(Part):
    """`plan.yml`. Required are `title`, `buyer.name` and `go_live.date`."""

    title: Text
    label: Text = DEFAULT_LABEL
    outcome: Text | None = None
    buyer: Buyer
    seller: Seller | None = None
    go_live: GoLive
    stakeholders: tuple[Stakeholder, ...] = ()
    success_criteria: tuple[SuccessCriterion, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    documents: tuple[Document, ...] = ()
    pages: tuple[Annotated[Page, BeforeValidator(_page)], ...] = ()
    reviews: tuple[Review, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    forecast: Forecast = Forecast()
    access: Access = Access()
    theme: Id | None = None
    lang: Lang | None = None
    path: RoomPath | None = None
    ignore: dict[Id, Text] = Field(default_factory=dict)

    def stakeholder(self, id: str | None) -> Stakeholder | None:
        """The person with this id, if there is one."""
        return next((person for person in self.stakeholders if person.id == id), None)

    def milestone(self, id: str) -> Milestone | None:
        """The milestone with this id, if there is one."""
        return next((milestone for milestone in self.milestones if milestone.id == id), None)

    def predecessors(self) -> dict[str, tuple[str, ...]]:
        """What each milestone waits for, in the plan's order.

        Without `after`, a milestone waits for the one above it, unless it has its own `due` date.
        """
        above: tuple[str, ...] = ()
        waits_for: dict[str, tuple[str, ...]] = {}
        for milestone in self.milestones:
            if milestone.after is not None:
                waits_for[milestone.id] = tuple(dict.fromkeys(milestone.after))
            else:
                waits_for[milestone.id] = () if milestone.due else above
            above = (milestone.id,)
        return waits_for
