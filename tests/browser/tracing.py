"""What a page's main thread did, task by task, from Chromium's own trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

# Chromium's scheduler runs these one after the other; what a promise leads to may come between two tasks.
_TASKS = {"ThreadControllerImpl::RunTask", "BlinkScheduler_PerformMicrotaskCheckpoint"}
_CATEGORIES = ["toplevel", "devtools.timeline", "v8"]

# Asked so often whether what is waited for has happened; it takes nothing from the page. In milliseconds.
_PATIENCE = 100


@dataclass(frozen=True)
class Task:
    """A task of the main thread: what it cost the processor in milliseconds, and what it was about, costliest first."""

    cost: float
    about: tuple[str, ...]


def tasks_while(page: Page, begin: str, until: str, slowdown: int) -> list[Task]:
    """The tasks of the main thread on a processor `slowdown` times slower, the costliest first.

    From the script `begin` on, which must return at once, until the page calls `done()`, which the function `until`
    makes it do. The cost is that of the processor: a machine that is busy with other things makes it hardly larger.
    """
    session = page.context.new_cdp_session(page)
    seen: list[str] = []
    events: list[dict[str, Any]] = []
    session.on("Runtime.bindingCalled", lambda _: seen.append("done"))
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda _: seen.append("traced"))
    session.send("Runtime.enable")
    session.send("Runtime.addBinding", {"name": "done"})
    page.evaluate(until)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    trace = {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": _CATEGORIES}}
    session.send("Tracing.start", trace)
    session.send("Runtime.evaluate", {"expression": begin})
    _wait(page, seen, "done")
    session.send("Tracing.end")
    _wait(page, seen, "traced")
    session.detach()
    return _tasks(events)


def _wait(page: Page, seen: list[str], what: str) -> None:
    while what not in seen:
        page.wait_for_timeout(_PATIENCE)


def _tasks(events: list[dict[str, Any]]) -> list[Task]:
    """The outermost of the main thread's slices, with what happened within each."""
    main = _busiest(events)
    slices = [event for event in events if event["ph"] == "X" and (event["pid"], event["tid"]) == main]
    slices.sort(key=lambda event: (event["ts"], -event["dur"]))
    found: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
    end = 0
    for event in slices:
        if event["ts"] < end:
            found[-1][1].append(event)
        elif event["name"] in _TASKS:
            found.append((event, []))
            end = event["ts"] + event["dur"]
    return sorted((_task(outer, inner) for outer, inner in found), key=lambda task: -task.cost)


def _busiest(events: list[dict[str, Any]]) -> tuple[int, int]:
    """The process and the thread of the page: of the browser's pages, all others stand idle."""
    names = (event for event in events if event["name"] == "thread_name")
    costs = {(each["pid"], each["tid"]): 0 for each in names if each["args"]["name"] == "CrRendererMain"}
    for event in events:
        thread = event["pid"], event["tid"]
        if thread in costs and event["name"] in _TASKS:
            costs[thread] += event.get("tdur", 0)
    return max(costs, key=lambda thread: costs[thread])


def _task(outer: dict[str, Any], inner: list[dict[str, Any]]) -> Task:
    costs: dict[str, float] = {}
    for event in inner:
        costs[event["name"]] = costs.get(event["name"], 0) + event.get("tdur", 0) / 1000
    about = sorted(costs.items(), key=lambda cost: -cost[1])[:5]
    return Task(outer.get("tdur", 0) / 1000, tuple(f"{name} {cost:.0f} ms" for name, cost in about))
