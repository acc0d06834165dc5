"""A schedule as a Gantt chart in text, for a terminal of any width, with or without colour, in Unicode or ASCII.

State is told by the shape of a mark and of a bar first; colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import wrap

from dealroom.diagnostics.render import visible, width
from dealroom.plan.model import Milestone, Plan, Status
from dealroom.schedule.forward import Schedule, ScheduledMilestone
from dealroom.schedule.words import MONTHS, short_range

# Narrower, the columns would leave no room for bars; wider, the eye loses the line.
NARROWEST, WIDEST = 60, 200
# Columns of a title: enough for two words, and at most a third of the line.
SHORTEST_TITLE = 12
# What stands beside title and bars: two marks, side, dates, slack, and the spaces between.
SIDE, DATES, SLACK = 6, 15, 5
BESIDE = 4 + 1 + SIDE + 1 + DATES + 1 + SLACK + 2


@dataclass(frozen=True, slots=True)
class Shapes:
    """The characters of a chart. A bar's shape tells what kind of work it is, a mark what became of it."""

    critical_bar: str
    bar: str
    done_bar: str
    dropped_bar: str
    late_bar: str
    today: str
    go_live: str
    today_mark: str
    go_live_mark: str
    critical: str
    done: str
    started: str
    open: str
    blocked: str
    late: str
    dropped: str
    cut: str
    dash: str
    dot: str
    arrow: str


UNICODE = Shapes(*"█▒─┄╍│┊▼◆*✓▶○■▲×…–·→")
ASCII = Shapes(*"#=-.~|:v^*x>o!L/~-->")

_RED, _GREEN, _YELLOW, _BOLD, _DIM, _RESET = (f"\x1b[{code}m" for code in ("31", "32", "33", "1", "2", "0"))


@dataclass(frozen=True, slots=True)
class _Scale:
    """The days from `first` on, `days` of them, spread over the cells of the bars; a day has one cell at most.

    `room` is how many columns there are right of the other columns, for cells or words.
    """

    first: date
    days: int
    cells: int
    room: int

    def cell(self, day: date) -> int:
        return (day - self.first).days * self.cells // self.days


@dataclass(frozen=True, slots=True)
class Gantt:
    """A chart of `schedule`. `titles` gives each milestone's title as plain text; `columns` is the terminal's width."""

    plan: Plan
    schedule: Schedule
    titles: Mapping[str, str]
    columns: int
    shapes: Shapes = UNICODE
    colour: bool = False

    def lines(self) -> Iterator[str]:
        """The chart from its scale to its legend."""
        if not self.schedule.milestones:
            yield "the plan has no milestones yet"
            return
        title = self._title_columns()
        scale = self._scale(self._width - title - BESIDE)
        yield (" " * (title + BESIDE) + self._months(scale)).rstrip()
        yield (" " * (title + BESIDE) + self._marks(scale)).rstrip()
        phase: str | None = None
        for milestone, dates in zip(self.plan.milestones, self.schedule.milestones, strict=True):
            if milestone.phase != phase:
                phase = milestone.phase
                yield self._paint(_BOLD, self.cut(visible(phase or ""), self._width))
            yield self._row(milestone, dates, title, scale)
        yield ""
        for line in self._legend():
            yield self._paint(_DIM, line)

    @property
    def _width(self) -> int:
        return max(NARROWEST, min(self.columns, WIDEST))

    def _title_columns(self) -> int:
        most = max(width(visible(self.titles[milestone.id])) for milestone in self.plan.milestones)
        return max(SHORTEST_TITLE, min(most, self._width // 3, (self._width - BESIDE) // 2))

    def _scale(self, room: int) -> _Scale:
        shown = [self.schedule.today, self.schedule.go_live]
        for milestone, dates in zip(self.plan.milestones, self.schedule.milestones, strict=True):
            shown += _shown(milestone, dates)
            if dates.is_open:
                shown.append(dates.earliest_finish)
        first = min(shown) - timedelta(days=min(shown).weekday())
        days = (max(shown) - first).days + 1
        return _Scale(first, days, min(days, room), room)

    def _months(self, scale: _Scale) -> str:
        """The names of months above the cells they begin at, as many as fit; in the place of January, the year."""
        last = scale.first + timedelta(days=scale.days - 1)
        starts = [date(year, month, 1) for year in range(scale.first.year, last.year + 1) for month in range(1, 13)]
        within = [day for day in starts if scale.first < day <= last]
        # What is left of the month that the chart begins in makes way for the first whole one.
        if not within or scale.cell(within[0]) > len(MONTHS[0]):
            within.insert(0, scale.first)
        line = ""
        for day in within:
            label = str(day.year) if day.month == 1 and line else MONTHS[day.month - 1]
            column = scale.cell(day)
            if column >= len(line) + bool(line) and column + len(label) <= scale.room:
                line = f"{line:<{column}}{label}"
        return line

    def _marks(self, scale: _Scale) -> str:
        columns = {"go-live": scale.cell(self.schedule.go_live), "today": scale.cell(self.schedule.today)}
        marks = {"go-live": self.shapes.go_live_mark, "today": self.shapes.today_mark}
        cells = [" "] * scale.room
        for word, column in columns.items():
            cells[column] = marks[word]
        for word, column in columns.items():
            after, before = column + 1, column - 1 - len(word)
            # A word keeps a blank on both sides.
            if "".join(cells[after : after + len(word) + 2]).isspace() and after + len(word) < scale.room:
                cells[after + 1 : after + 1 + len(word)] = word
            elif before >= 0 and "".join(cells[max(before - 1, 0) : column]).isspace():
                cells[before : before + len(word)] = word
        return "".join(cells)

    def _row(self, milestone: Milestone, dates: ScheduledMilestone, title: int, scale: _Scale) -> str:
        name = self.cut(visible(self.titles[milestone.id]), title)
        slack = f"{dates.slack:+d}d" if dates.is_open else ""
        words = (
            f"{self.shapes.critical if dates.critical else ' '} {self._mark(dates)} "
            f"{name}{' ' * (title - width(name))} {_side(milestone):<{SIDE}} "
            f"{short_range(*_shown(milestone, dates), dash=self.shapes.dash):<{DATES}} {slack:>{SLACK}} "
        )
        return self._paint(_tone(dates), words) + " " + self._bar(milestone, dates, scale)

    def _mark(self, dates: ScheduledMilestone) -> str:
        shapes = self.shapes
        if dates.status is Status.BLOCKED:
            return shapes.blocked
        if dates.is_late:
            return shapes.late
        return {
            Status.DONE: shapes.done,
            Status.DROPPED: shapes.dropped,
            Status.IN_PROGRESS: shapes.started,
        }.get(dates.status, shapes.open)

    def _bar(self, milestone: Milestone, dates: ScheduledMilestone, scale: _Scale) -> str:
        shapes = self.shapes
        cells = [" "] * scale.cells
        cells[scale.cell(self.schedule.go_live)] = shapes.go_live
        cells[scale.cell(self.schedule.today)] = shapes.today
        start, finish = _shown(milestone, dates)
        shape = shapes.critical_bar if dates.critical else shapes.bar
        if dates.status is Status.DONE:
            shape = shapes.done_bar
        elif dates.status is Status.DROPPED:
            shape = shapes.dropped_bar
        if dates.is_late:
            after = scale.cell(finish) + 1
            cells[after : scale.cell(dates.earliest_finish) + 1] = shapes.late_bar * (
                scale.cell(dates.earliest_finish) + 1 - after
            )
        one, other = scale.cell(start), scale.cell(finish)
        cells[one : other + 1] = shape * (other + 1 - one)
        return self._paint(_tone(dates), "".join(cells).rstrip())

    def _legend(self) -> Iterator[str]:
        shapes = self.shapes
        bars = [
            f"{shapes.critical_bar * 2} critical path",
            f"{shapes.bar * 2} planned",
            f"{shapes.late_bar * 2} later than planned",
            f"{shapes.done_bar * 2} done",
            f"{shapes.today} today",
            f"{shapes.go_live} go-live",
        ]
        marks = [
            f"{shapes.critical} critical",
            f"{shapes.done} done",
            f"{shapes.started} in progress",
            f"{shapes.open} not started",
            f"{shapes.late} late",
            f"{shapes.blocked} blocked",
            f"{shapes.dropped} dropped",
        ]
        yield from wrapped(bars, "   ", self._width)
        yield from wrapped(marks, "   ", self._width)
        yield from wrap("+3d is slack: the working days a milestone can slip before a later date moves", self._width)

    def cut(self, text: str, columns: int) -> str:
        """`text` in at most `columns`, with a mark where it was cut."""
        if width(text) <= columns:
            return text
        while width(text) >= columns:
            text = text[:-1]
        return text.rstrip() + self.shapes.cut

    def _paint(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self.colour and code and text.strip() else text


def _shown(milestone: Milestone, dates: ScheduledMilestone) -> tuple[date, date]:
    """When it is planned; once started or done, when it was."""
    if dates.status is Status.DONE:
        return dates.earliest_start, dates.earliest_finish
    started = milestone.started if dates.is_open else None
    return min(started or dates.start, dates.finish), dates.finish


def _side(milestone: Milestone) -> str:
    owners = milestone.owners
    if owners.buyer and owners.seller:
        return "both"
    return "buyer" if owners.buyer else "seller" if owners.seller else "-"


def _tone(dates: ScheduledMilestone) -> str:
    if dates.status is Status.DONE:
        return _GREEN
    if dates.status is Status.DROPPED:
        return _DIM
    if dates.status is Status.BLOCKED:
        return _YELLOW
    return _RED if dates.is_late else _BOLD if dates.critical else ""


def wrapped(entries: Iterable[str], space: str, columns: int) -> Iterator[str]:
    """The entries side by side, on as many lines as they need."""
    line = ""
    for entry in entries:
        if line and width(line) + width(space) + width(entry) > columns:
            yield line
            line = ""
        line += space + entry if line else entry
    yield line
