"""What a room says, as values that the templates read: already filtered, dated, translated and safe to print.

Every text is `Markup`: escaped, or sanitised where it held Markdown. Nothing here depends on today; what does
is worked out in the browser from the days (`Day.iso`), so a room built last week is right today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from dealroom.room.values import Axis, Bar, ChangeLine, DateMove, Day, Leeway, Link, Outlook, Revision

FileKind = Literal["document", "image"]


@dataclass(frozen=True, slots=True)
class Person:
    """A stakeholder. `owns` are the milestones and criteria they answer for; `depth` counts who is above them here."""

    id: str
    name: Markup
    plain_name: str
    initials: str
    side: str
    title: Markup | None
    role: str | None
    email: str | None
    owns: tuple[Link, ...] = ()
    reports_to: Markup | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of work inside a milestone."""

    id: str
    anchor: str
    title: Markup
    owner: Person | None
    due: Day | None
    done: Day | None


@dataclass(frozen=True, slots=True)
class Blocker:
    """What a milestone waits for outside the plan."""

    by: Markup
    owner: Person | None
    since: Day | None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone. `state` is the field's word (`in-progress`), `state_text` the reader's.

    `basis` tells what its date rests on: both sides `committed` to it, it is `computed` back from go-live, or counted
    on `after-go-live`. `side` leads: `buyer`, `seller`, `both`, `none`.
    """

    id: str
    anchor: str
    title: Markup
    state: str
    state_text: str
    side: str
    buyer: Person | None
    seller: Person | None
    start: Day | None
    finish: Day | None
    basis: str
    is_go_live: bool
    started: Day | None
    done: Day | None
    done_when: tuple[Markup, ...]
    steps: tuple[Step, ...]
    steps_done: int
    blocker: Blocker | None
    waits_for: tuple[Link, ...]
    holds_up: tuple[Link, ...]
    proves: tuple[Link, ...]
    notes: Markup | None
    bar: Bar | None
    leeway: Leeway | None
    moves: tuple[DateMove, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """Milestones that stand together, with how many of them count and how many are done."""

    anchor: str
    name: Markup | None
    milestones: tuple[Milestone, ...]
    start: Day | None
    finish: Day | None
    started: bool
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """A success criterion. `reached` is how far it is from baseline to target, from 0 to 100, if they are numbers.

    `proven_on` is the day on which it is checked, at the milestone `proven_by`.
    """

    id: str
    anchor: str
    statement: Markup
    baseline: Markup | None
    current: Markup | None
    target: Markup | None
    reached: int | None
    owner: Person | None
    proven_by: Link | None
    proven_on: Day | None
    status: str
    status_text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A sealed file (`ref`) or a link (`url`) in the list of documents. Without an `extension` it has an `icon`.

    `opens` is whether a file is shown in the room; `embeds` whether what a link leads to can be shown there.
    """

    title: Markup
    kind: str
    kind_text: str
    extension: str | None
    icon: str
    size: str | None
    name: str | None
    ref: str | None
    url: str | None
    host: str | None
    opens: bool
    embeds: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of a page's table of contents."""

    href: str
    text: str
    children: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown page: sanitised HTML under the anchor `page-…`. `minutes` is the time it takes to read."""

    anchor: str
    title: str
    html: Markup
    summary: str
    minutes: str
    toc: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A meeting at which both sides looked at the plan."""

    on: Day
    people: tuple[Person, ...]
    note: Markup | None
    next: Day | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Someone agreed to the plan as it stood; `is_current` when its commitments are the same today. `moved` tells what
    changed since, as far as it is known which published state they agreed to."""

    by: Person
    on: Day
    is_current: bool
    moved: tuple[ChangeLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Logo:
    """A company's logo among the room's sealed images. Sizes are in pixels where the file tells."""

    ref: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Company:
    """The buyer or the seller. `host` is the website without its scheme, `colour` the brand's as written."""

    name: Markup
    plain_name: str
    website: str | None
    host: str | None
    logo: Logo | None
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class GoLive:
    """The buyer's date and why it matters."""

    day: Day
    why: Markup | None
    milestone: Link | None


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that the room shows, to be sealed with it. `path` is relative to the plan's folder."""

    ref: str
    path: str
    name: str
    media_type: str
    kind: FileKind


@dataclass(frozen=True, slots=True)
class RoomContent:
    """Everything on one view's page."""

    lang: str
    direction: str
    label: Markup
    title: Markup
    plain_title: str
    outcome: Markup | None
    buyer: Company
    seller: Company
    go_live: GoLive
    phases: tuple[Phase, ...]
    axis: Axis | None
    blocked: tuple[Milestone, ...]
    criteria: tuple[Criterion, ...]
    buyer_people: tuple[Person, ...]
    seller_people: tuple[Person, ...]
    documents: tuple[Document, ...]
    pages: tuple[Page, ...]
    reviews: tuple[Review, ...]
    agreements: tuple[Agreement, ...]
    agreed: tuple[Agreement, ...]
    past: tuple[Revision | Review | Agreement, ...]
    leeway: Leeway | None
    outlook: Outlook | None
    missing_roles: tuple[str, ...]
    texts: Mapping[str, str]
    client_texts: str
    reply: str
    files: tuple[FileRef, ...]

    @property
    def done(self) -> int:
        """How many milestones are."""
        return sum(phase.done for phase in self.phases)

    @property
    def total(self) -> int:
        """How many milestones there are, but for dropped ones."""
        return sum(phase.total for phase in self.phases)

    @property
    def last_review(self) -> Review | None:
        """The newest."""
        return self.reviews[0] if self.reviews else None

    @property
    def next_review(self) -> Day | None:
        """When the last one says the next will be."""
        return self.reviews[0].next if self.reviews else None
