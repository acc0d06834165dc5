"""The mutual action plan as written: every field of `plan.yml`, checked for form.

`plan.read` fills these classes and turns what does not fit into diagnostics; `plan.references` checks what one
field says about another. Text arrives as the characters the seller typed (`4.10 %` stays `4.10 %`), so `no`,
`1e3` or `12:30` never turn into something else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from dealroom.company import Blackout, Company
from dealroom.fields import (
    Audience,
    Colour,
    Day,
    Email,
    Id,
    Ids,
    Lang,
    OrText,
    RoomPath,
    Takes,
    Text,
    Texts,
)
from dealroom.plan.part import Part
from dealroom.plan.past import Agreement, Review
from dealroom.plan.room_parts import Access, Document, Page, as_page


def _codes_with_reasons(value: object) -> object:
    if isinstance(value, dict) or value is None:
        return value
    raise PydanticCustomError(
        "wrong-type",
        "each finding to ignore needs a reason",
        {"hint": "write `{no-procurement: They buy through our framework contract}`"},
    )


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


class Buyer(Company, Part):
    """The company the plan is for."""

    color: Colour | None = None
    """Its brand colour, like `'#0b5a4a'` in quotes: in the room its people wear it."""


class Seller(Company, Part):
    """The company that wrote the plan, where it differs from the settings."""


class GoLive(Part):
    """The buyer's date, from which everything is counted back.

    `milestone` names the milestone that is the go-live, when the plan goes on after it (a value review): what comes
    after that milestone is not squeezed in before the date.
    """

    date: Day
    """The day on which the buyer needs it in use."""
    why: Text | None = None
    """What in the buyer's business makes it this day."""
    milestone: Id | None = None
    """The milestone that is the go-live, when the plan goes on after it."""


class Stakeholder(Part):
    """A person on either side. `role` is what they are in the deal: `champion`, `economic-buyer`, `legal` …"""

    id: Id
    """How the rest of the plan names this person."""
    name: Text
    """The full name."""
    side: Side
    """`buyer` or `seller`."""
    title: Text | None = None
    """The position in the company."""
    role: Id | None = None
    """The part in the deal: `champion`, `economic-buyer`, `legal`, `security` …"""
    email: Email | None = None
    """Where this person is written to."""
    digest: bool = True
    """Whether this person gets digests; `false` once they asked for none."""
    reports_to: Id | None = None
    """The stakeholder of the same side to whom this person reports."""


class SuccessCriterion(Part):
    """What "done" means for the buyer, measurably."""

    id: Id
    """How the rest of the plan names this criterion."""
    statement: Text
    """What is measured."""
    baseline: Text | None = None
    """Where it stood at the start."""
    target: Text | None = None
    """What counts as success."""
    current: Text | None = None
    """Where it stands now."""
    owner: Id | None = None
    """The stakeholder who measures it."""
    proven_by: Id | None = None
    """The milestone at which it is checked."""
    status: CriterionStatus = CriterionStatus.OPEN
    """`open`, `met` or `missed`."""
    audience: Audience | None = None
    """Who may read it, as ids or `role:…`; everyone when left out."""


class Owners(Part):
    """One accountable person a side; one side alone is allowed."""

    buyer: Id | None = None
    """The accountable stakeholder on the buyer's side."""
    seller: Id | None = None
    """The accountable stakeholder on the seller's side."""


class Step(Part):
    """A piece of work inside a milestone."""

    id: Id
    """How the rest of the plan names this step."""
    title: Text
    """What is to be done."""
    owner: Id | None = None
    """The stakeholder who does it."""
    due: Day | None = None
    """The day by which it is to be done."""
    done: Day | None = None
    """The day on which it was done."""


class Blocked(Part):
    """What a milestone waits for outside the plan, and who can clear it."""

    by: Text
    """What it waits for."""
    owner: Id | None = None
    """The stakeholder who can clear it."""
    since: Day | None = None
    """The first day of waiting."""


class Milestone(Part):
    """A point both sides work towards. `after` is `None` when it was not written, which differs from an empty list."""

    id: Id
    """How the rest of the plan names this milestone."""
    title: Text
    """The result, in a few words."""
    phase: Text | None = None
    """The heading it stands under."""
    owners: Owners = Owners()
    """One accountable person a side."""
    takes: Takes | None = None
    """Working time: `10d`, `3w`, a range like `2-6w`, or `{min: 10d, likely: 12d, max: 30d}`. A week has five days."""
    after: Ids | None = None
    """The milestones it waits for. Left out: the one above it, unless it has a `due` of its own."""
    due: Day | None = None
    """The day both sides committed to. Left out: computed backward from go-live."""
    started: Day | None = None
    """The day on which work on it began."""
    done: Day | None = None
    """The day on which it was finished."""
    done_when: Texts = ()
    """What has to be true for it to be done."""
    steps: tuple[Step, ...] = ()
    """The pieces of work inside it."""
    status: Status | None = None
    """`not-started`, `in-progress`, `done`, `blocked` or `dropped`. Left out: what the dates say."""
    blocked: Blocked | None = None
    """What it waits for outside the plan."""
    notes: Text | None = None
    """Anything else that both sides should know."""
    audience: Audience | None = None
    """Who may read it, as ids or `role:…`; everyone when left out."""

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


class Forecast(Part):
    """`spread: none` takes fixed working times as certain."""

    spread: Literal["default", "none"] = "default"
    """`default`, or `none` to take fixed working times as certain."""


class Plan(Part):
    """`plan.yml`. Required are `title`, `buyer.name` and `go_live.date`."""

    title: Text
    """What the two companies do together."""
    label: Text | None = None
    """What both sides call the plan: Joint Execution Plan, Close Plan … By default Mutual Action Plan, translated."""
    outcome: Text | None = None
    """What is better for the buyer afterwards, in the buyer's words."""
    buyer: Buyer
    """The company the plan is for."""
    seller: Seller | None = None
    """The company that wrote it. Left out: the one in dealroom.yml."""
    go_live: GoLive
    """The date everything is counted back from."""
    stakeholders: tuple[Stakeholder, ...] = ()
    """The people on both sides."""
    success_criteria: tuple[SuccessCriterion, ...] = ()
    """What "done" means for the buyer, measurably."""
    milestones: tuple[Milestone, ...] = ()
    """The way to go-live, in the order people read it."""
    documents: tuple[Document, ...] = ()
    """Files and links for the room."""
    pages: tuple[Annotated[Page, BeforeValidator(as_page), OrText()], ...] = ()
    """Markdown pages beside the plan, in the order of the menu."""
    reviews: tuple[Review, ...] = ()
    """The meetings at which both sides looked at the plan."""
    agreements: tuple[Agreement, ...] = ()
    """Who agreed to which state of the plan."""
    blackouts: tuple[Blackout, ...] = ()
    """Days on which nobody works on this plan."""
    forecast: Forecast = Forecast()
    """How the probability of go-live is worked out."""
    share_forecast: bool = False
    """Whether the room tells how likely the go-live date holds. Left out: only the seller sees it."""
    show_missing_roles: bool = False
    """Whether the room asks, kindly, for the roles that nobody on the buyer's side has yet."""
    access: Access = Access()
    """How the room is opened."""
    theme: Id | None = None
    """The brand theme, where it is not that of dealroom.yml."""
    lang: Lang | None = None
    """The language of the room, like `en` or `pt-BR`."""
    path: RoomPath | None = None
    """A readable address for the room instead of a random one. Whoever sees the address can read it."""
    ignore: Annotated[dict[Id, Text], BeforeValidator(_codes_with_reasons)] = Field(default_factory=dict)
    """Findings of health to leave out of this plan: `code: the reason`."""

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
