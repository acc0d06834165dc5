"""What buyers ask for, in the language of the plan: for an agenda. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from dealroom.inbox import payload as said
from dealroom.inbox.payload import Change, Payload
from dealroom.inbox.subject import locate
from dealroom.plan.answers import NOTE
from dealroom.plan.model import Plan
from dealroom.room.inline import plain
from dealroom.room.locale import Locale


def asked_for(plan: Plan, payload: Payload, number: int, locale: Locale) -> str:
    """A change of a reply in a line: `Security review: New date: 20 January 2027`, in the words of the room."""
    if number == NOTE:
        return locale.text("client.reply_is_note", text=payload.note or "")
    change = payload.changes[number - 1]
    names = {person.id: plain(person.name) for person in plan.stakeholders}
    # People whom this reply adds are known to its later changes by name.
    names |= {one.person.id: one.person.name for one in payload.changes if isinstance(one, said.Person)}
    told = _told(change, names, locale)
    if change.target == "plan":
        return f"{locale.texts['client.reply_the_plan']}: {told}"
    found = locate(plan, change.target)
    return f"{found.title}: {told}" if found else told


def _told(change: Change, names: Mapping[str, str], locale: Locale) -> str:
    key, values = f"client.reply_is_{change.kind}", dict[str, str]()
    match change:
        case said.Done() | said.Date():
            values = {"date": locale.day(change.date).text}
        case said.Blocked():
            values = {"text": change.by}
        case said.Owner():
            values = {"name": names.get(change.person, change.person)}
        case said.Person():
            values = {"name": change.person.name}
        case said.Step():
            values = {"title": change.title}
        case said.Current():
            values = {"value": change.value}
        case said.Comment() | said.Question():
            values = {"text": change.text}
        case said.Unblocked():
            key = "client.reply_unblocked"
        case said.Agree():
            pass
    return locale.text(key, **values)
