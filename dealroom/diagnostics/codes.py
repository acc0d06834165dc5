"""What the findings about files mean: every code that reading a workspace can give, in words.

The rules of health say more of themselves, beside their checks. `docs/diagnostics.md` shows the same texts.
"""

from __future__ import annotations

from typing import NamedTuple


class FileFault(NamedTuple):
    """What is wrong, and what to do about it; both in sentences of Markdown."""

    wrong: str
    remedy: str


FILE_FAULTS: dict[str, FileFault] = {
    # The file itself
    "empty-file": FileFault(
        "The file is empty, or has only comments.",
        "Write the plan, or remove its folder.",
    ),
    "too-large": FileFault(
        "The file is larger than 1 MB.",
        "Look whether it is the right file; long texts belong on a page.",
    ),
    "not-utf-8": FileFault(
        "The file is in another encoding: an old editor, or a spreadsheet's export.",
        "Save it as UTF-8.",
    ),
    "control-character": FileFault(
        "A character that nobody can see stands in a text.",
        "Remove it, and type the text around it again.",
    ),
    "unreadable-file": FileFault(
        "The file cannot be opened.",
        "Look at its permissions.",
    ),
    "not-a-file": FileFault(
        "A folder or something else stands where a file is meant.",
        "Put a file there.",
    ),
    "missing-file": FileFault(
        "A file that is named is not there. Upper and lower case count.",
        "The hint has the nearest name.",
    ),
    "outside-folder": FileFault(
        "A path leads out of the plan's folder.",
        "Copy the file into the folder.",
    ),
    "symlink-outside": FileFault(
        "A link in the file system leads out of the plan's folder.",
        "Put the file itself there.",
    ),
    "private-file": FileFault(
        "A file of yours (`plan.yml`, `access.yml`, a hidden file) is listed for the buyer.",
        "List another one.",
    ),
    "not-markdown": FileFault(
        "A page is not a Markdown file.",
        "List it under `documents:`.",
    ),
    "invalid-slug": FileFault(
        "The plan's folder has a name that cannot be used.",
        "Rename the folder.",
    ),
    "stray-plan": FileFault(
        "A YAML file lies in `plans/` itself, where nothing reads it.",
        "Give it a folder.",
    ),
    "too-many-findings": FileFault(
        "There are more than 200 findings in one file.",
        "Look whether it is the right file.",
    ),
    # YAML
    "syntax": FileFault(
        "The file cannot be read from here on: a quote or bracket that is not closed, an indentation that does not "
        "fit, a text that needs quotes.",
        "The hint says which. Nothing after this place was looked at.",
    ),
    "tab": FileFault(
        "A tab is used for indentation.",
        "Indent with spaces.",
    ),
    "duplicate-key": FileFault(
        "A key is written twice; one of the two would be lost.",
        "Keep one.",
    ),
    "invalid-key": FileFault(
        "A key is missing, or is no plain word.",
        "Write `key: value`.",
    ),
    "several-documents": FileFault(
        "A line `---` starts a second document.",
        "Remove the line.",
    ),
    "yaml-tag": FileFault(
        "A tag, like `!something`.",
        "Remove it, or put quotes around the text.",
    ),
    "undefined-alias": FileFault(
        "`*name` without `&name` above it, or a text that starts with `*`.",
        "Define it, or put quotes around the text.",
    ),
    "recursive-alias": FileFault(
        "An alias stands inside what it stands for.",
        "Write the values out.",
    ),
    "too-many-aliases": FileFault(
        "Aliases stand for more than 10,000 values.",
        "Write the values out.",
    ),
    "too-deep": FileFault(
        "Brackets or lists are nested more than 50 levels deep.",
        "Look whether it is the right file.",
    ),
    # Fields
    "unknown-key": FileFault(
        "A key that does not exist here.",
        "The hint has the nearest one, or all of them.",
    ),
    "missing-field": FileFault(
        "A key that is required is not there, or has no value.",
        "Add it.",
    ),
    "missing-value": FileFault(
        "A text or a list is empty.",
        "Write it, or remove the line.",
    ),
    "unknown-value": FileFault(
        "A word that is not one of those allowed here.",
        "The hint has the nearest one, or all of them.",
    ),
    "wrong-type": FileFault(
        "A text where a list is meant, or the other way round; a date that is none.",
        "The hint shows the form.",
    ),
    "wrong-value": FileFault(
        "A number that is out of bounds, in the settings.",
        "The hint says the bounds.",
    ),
    "invalid-id": FileFault(
        "An id that has capitals, spaces or other signs.",
        "The hint has an id like it.",
    ),
    "invalid-duration": FileFault(
        "A working time that cannot be understood.",
        "Write `10d`, `3w` or `2-6w`.",
    ),
    "invalid-url": FileFault(
        "A web address that is not one, or is not https where it has to be.",
        "Write it in full.",
    ),
    "invalid-email": FileFault(
        "An e-mail address that is not one.",
        "Correct it.",
    ),
    "invalid-path": FileFault(
        "A `path:` that cannot be part of an address.",
        "Lower-case letters, digits and hyphens.",
    ),
    "invalid-lang": FileFault(
        "A language that is not one.",
        "Write `en`, `de` or `pt-BR`.",
    ),
    "unknown-calendar": FileFault(
        "A country or subdivision whose holidays are not on record.",
        "The hint has the nearest one.",
    ),
    "unknown-target": FileFault(
        "A place that `publish` cannot bring rooms to.",
        "Name a folder, an address like `s3://bucket/rooms`, or a git repository.",
    ),
    "conflicting-fields": FileFault(
        "Two keys of which only one can be meant.",
        "Keep one.",
    ),
    # What one part says of another
    "duplicate-id": FileFault(
        "Two people, milestones, criteria or steps have the same id.",
        "Give one of them another.",
    ),
    "duplicate-page": FileFault(
        "A page is listed twice.",
        "Keep one.",
    ),
    "dangling-id": FileFault(
        "Something refers to an id or a role that nobody has.",
        "The hint has the nearest one, or all of them.",
    ),
    "wrong-side": FileFault(
        "A person of one side is the owner for the other.",
        "Name someone of that side.",
    ),
    "cycle": FileFault(
        "Milestones wait for each other, or people report to each other.",
        "Take one out of `after` or `reports_to`; the message shows the way round.",
    ),
    "impossible-date": FileFault(
        "A date that does not exist, or an order that cannot be: done before it was started.",
        "Check both dates.",
    ),
    "status-conflict": FileFault(
        "A status that the dates deny: not started, but `done` on a day.",
        "Change one of the two.",
    ),
    "path-conflict": FileFault(
        "Two plans have the same `path:`.",
        "Change one.",
    ),
    "reserved-path": FileFault(
        "A `path:` where dealroom keeps files of its own.",
        "Choose another.",
    ),
    "embed-not-allowed": FileFault(
        "A document is to be shown from a site that `embeds` in `dealroom.yml` does not list.",
        "List the site, or remove `embed:`.",
    ),
    "nobody-opens": FileFault(
        "The plan has nobody on the buyer's side who could open the room.",
        "Add the people, or `access: {shared: true}`.",
    ),
    "unknown-rule": FileFault(
        "`ignore` leaves out a rule of health that does not exist.",
        "The hint has the nearest one.",
    ),
    "broken-theme": FileFault(
        "The theme that `theme:` names is not there, or cannot be used.",
        "The message names the theme's file and line.",
    ),
    "invalid-text": FileFault(
        "A text of the interface has a value in braces that nothing fills in, or a brace that is not closed.",
        "The hint lists the values that it may use.",
    ),
    "unknown-text": FileFault(
        "A file of texts, or a theme.yml, has a text that nothing asks for.",
        "Correct its key; `dealroom/theme/texts/en.json` has them all.",
    ),
    "missing-text": FileFault(
        "The room's language lacks a text of the interface, which is then shown in English.",
        "Write it into the workspace's `texts/LANG.yml`.",
    ),
    "cannot-build": FileFault(
        "The room could not be built for a reason outside the plan, such as a file that vanished.",
        "The message says which.",
    ),
    "damaged-history": FileFault(
        "A line of `history.jsonl` cannot be read, and is left out.",
        "Restore it from git, or remove it.",
    ),
    # Pages
    "broken-link": FileFault(
        "A link to a page or file that is not there.",
        "The hint has the nearest name.",
    ),
    "broken-anchor": FileFault(
        "A link to a heading or a milestone that is not there.",
        "The hint has the nearest name.",
    ),
    "missing-image": FileFault(
        "An image that is not there.",
        "The hint has the nearest name.",
    ),
    "remote-image": FileFault(
        "An image on another site. It is left out: a room asks no other site for anything.",
        "Save the picture beside the page.",
    ),
    "hidden-link": FileFault(
        "A link that some readers of the page cannot follow, because what it leads to is hidden from them.",
        "Remove the link, or give page and target the same `audience:`.",
    ),
    "invalid-block": FileFault(
        "Something that looks like a block for an audience is none, and would be shown to everyone.",
        "Write `::: {audience=ID}` on a line of its own, and `:::` below what is for that person.",
    ),
    "too-complex": FileFault(
        "A page that would take too long to read: thousands of brackets or tags are open, or much is nested.",
        "Put what was pasted into a file beside the plan, and list it under `documents:`.",
    ),
    "unclosed-block": FileFault(
        "A block for an audience never ends.",
        "Write `:::` below the last line that is for this audience.",
    ),
}
