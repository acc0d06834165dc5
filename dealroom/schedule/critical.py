"""The critical path: the chain of open milestones on which the projected go-live hangs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dealroom.schedule.backward import MilestoneDates
from dealroom.schedule.network import Network, Node, real_predecessors, real_successors


@dataclass(frozen=True, slots=True)
class Earliest:
    """The first and last day of a milestone's work in the forward pass."""

    start: date
    finish: date


def critical_path(
    net: Network, dates: Mapping[str, MilestoneDates], earliest: Mapping[str, Earliest], slack: Mapping[str, int]
) -> set[str]:
    """Ids of the chain of least slack among what is open: up to go-live, or, when that is all done, after it.

    Where both sides work the same days, the whole chain has the same slack. Where they do not, a holiday within the
    chain changes the count on one side; so the chain is completed along the links that decide its dates.
    """
    still_open = [node for node in net.values() if node.is_open]
    counted = {node.id for node in still_open if not node.is_after_go_live} or {node.id for node in still_open}
    least = min((slack[key] for key in counted), default=0)
    critical = {key for key in counted if slack[key] == least}
    others = counted - critical
    ahead = list(critical)
    while ahead:
        node = net[ahead.pop()]
        linked = {key for key in real_predecessors(net, node) & others if _decides(earliest[key], node, earliest)} | {
            key
            for key in real_successors(net, node) & others
            if _decides(earliest[node.id], net[key], earliest)
            and dates[node.id].latest_finish == node.calendar.before(dates[key].latest_start)
        }
        ahead.extend(linked)
        others -= linked
    return counted - others


def _decides(one: Earliest, successor: Node, earliest: Mapping[str, Earliest]) -> bool:
    """Whether the successor's dates are what they are because of when this one finishes."""
    if successor.is_started:
        return False
    start, finish = earliest[successor.id].start, earliest[successor.id].finish
    # A finish that was only supposed does not hang on what came before.
    return successor.calendar.after(one.finish) == start and successor.calendar.finish(start, successor.takes) == finish
