"""Edits of `plan.yml` that leave everything else as its writer left it.

Comments, order, quotes, anchors and blank lines stay because they are never touched: an edit finds the characters of
the one value it is about and replaces those, or puts a line beside them. What it writes is shaped by ruamel.yaml. The
changed text is then read again, and has to say exactly what was meant, and nothing else differently.

    edits ─▶ tree (where every value stands) ─▶ splice (text → text) ─▶ verified ─▶ checked as a plan ─▶ written at once
"""

from dealroom.plan.edit.apply import Add, CannotEdit, Edit, Remove, Set, changed_text
from dealroom.plan.edit.write import Changed, change_plan, write_plan

__all__ = ["Add", "CannotEdit", "Changed", "Edit", "Remove", "Set", "change_plan", "changed_text", "write_plan"]
