"""The `dealroom` command: global options, the table of commands, and what a user sees when something is wrong.

Commands are imported only when they are called: `dealroom --version` and shell completion start in a blink.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from datetime import date
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from types import FrameType, TracebackType

import click

from dealroom import __version__
from dealroom.cli.context import Context, Day
from dealroom.errors import Problem

# Command → (module under dealroom.cli that holds it as `command`, its line in `--help`), ordered as a seller's day.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "Start a workspace in a folder, with a plan to change."),
    "check": ("check", "Show everything that is wrong in the plans."),
    "explain": ("explain", "Explain what a code of `check` means, and what to do."),
    "status": ("status", "Show how every deal stands, what needs attention first."),
    "schedule": ("schedule", "Show a plan on the calendar."),
    "forecast": ("forecast", "Show how likely each go-live holds."),
    "diff": ("diff", "Say what moved in a plan since it was published."),
    "serve": ("serve", "Preview the rooms in a browser, live while you edit."),
    "build": ("build", "Compile the plans into sealed rooms in site/."),
    "publish": ("publish", "Bring site/ to where buyers open it."),
    "verify": ("verify", "Compare what a host shows with what was published."),
    "headers": ("headers", "Print what a host should say with the rooms."),
    "watch": ("watch", "Rebuild on every change, and publish again."),
    "host": ("host", "Serve site/ to buyers, and take their replies."),
    "export": ("export", "Write a plan in another form, like a calendar file."),
    "access": ("access", "Show who opens a room, with which link and passphrase."),
    "inbox": ("inbox", "Read buyers' replies, and take them into the plan."),
    "digest": ("digest", "Tell each person what changed and what is theirs next, by mail."),
    "review": ("review", "Show the agenda of a meeting on the plan, and record it."),
    "unseal": ("unseal", "Read a compiled room back, as the person who opens it would."),
    "key": ("key", "Make or check the workspace key."),
    "theme": ("theme", "Start a brand theme, and look whether everybody can read it."),
    "schema": ("schema", "Print the JSON Schema of plan.yml or dealroom.yml."),
}

# New objects after which Python looks for circles among them, and how often among older ones. With its own 700, that is
# a twelfth of a build's time, and rooms leave hardly any; with this many, some two megabytes may wait.
_COLLECTING = (20_000, 20, 20)

# What a shell reports for a command that Ctrl-C ended; for one that another signal did, it is this and its number.
INTERRUPTED, SIGNALLED = 130, 128

# Windows has no SIGHUP.
_ENDING = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


class LazyCommands(click.Group):
    """A group that lists commands from the table above and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"dealroom.cli.{COMMANDS[cmd_name][0]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            raise click.UsageError(_unknown_command(name), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


def _unknown_command(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    return f"there is no command `{name}`" + (f", did you mean `{near[0]}`?" if near else "")


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"dealroom {__version__}")
        ctx.exit()


@click.group(
    cls=LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  dealroom init deals && cd deals    start a workspace
  dealroom serve                     edit plans/ and see the rooms change
  dealroom build                     compile every plan into site/
  dealroom access list acme          links and passphrases to send
""",
)
@click.option(
    "-C",
    "start",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Work as if started in DIR.",
)
@click.option("--today", type=Day(), envvar="DEALROOM_TODAY", help="Take this date as today.")
@click.option("--debug", is_flag=True, help="Show the traceback when something fails.")
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
@click.pass_context
def cli(ctx: click.Context, start: Path, today: date | None, debug: bool) -> None:
    """Compile mutual action plans into branded, sealed deal rooms."""
    ctx.obj = Context(start=start, given_today=today, debug=debug)


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; what a person can put right ends here as `error:` and `hint:`."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        result = cli.main(args=arguments, prog_name="dealroom", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo(err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`dealroom check | head`): nothing is wrong, nothing is left to say.
        sys.stderr.close()
        return 0
    except click.exceptions.NoArgsIsHelpError as help_text:
        click.echo(help_text.format_message())
        return help_text.exit_code
    except (click.ClickException, Problem, OSError) as problem:
        if "--debug" in arguments and not isinstance(problem, click.UsageError):
            raise
        return _report(problem)
    return result if isinstance(result, int) else 0


def _report(problem: click.ClickException | Problem | OSError) -> int:
    exit_code, hint = 1, None
    match problem:
        case click.UsageError():
            message, exit_code = problem.format_message(), problem.exit_code
            hint = _usage_hint(problem)
        case click.ClickException():
            message, exit_code = problem.format_message(), problem.exit_code
        case Problem():
            message, hint, exit_code = problem.message, problem.hint, problem.exit_code
        case _:
            where = f"{problem.filename}: " if problem.filename else ""
            message = where + (problem.strerror or str(problem)).lower()
            hint = "check that the file exists and may be read and written"
    colour = False if "NO_COLOR" in os.environ else None
    click.echo(f"{click.style('error:', fg='red', bold=True)} {_sentence(message)}", err=True, color=colour)
    if hint:
        click.echo(f"{click.style('hint:', fg='cyan')} {hint}", err=True, color=colour)
    return exit_code


def _usage_hint(problem: click.UsageError) -> str:
    path = problem.ctx.command_path if problem.ctx else "dealroom"
    if isinstance(problem, click.NoSuchOption) and any(problem.option_name in each.opts for each in cli.params):
        return f"write it before the command: `dealroom {problem.option_name} … {path.removeprefix('dealroom ')}`"
    return f"see `{path} --help`"


def _sentence(message: str) -> str:
    """Our sentences start small and end without a full stop; click's are made to fit."""
    message = message.strip().removesuffix(".")
    first, rest = message[:1], message[1:]
    return message if rest[:1].isupper() else first.lower() + rest


def _fault(kind: type[BaseException], fault: BaseException, _where: TracebackType | None) -> None:
    """What a person sees of a fault of dealroom's own: no traceback unless asked for."""
    click.echo(f"{click.style('error:', fg='red', bold=True)} dealroom failed: {kind.__name__}: {fault}", err=True)
    click.echo(
        f"{click.style('hint:', fg='cyan')} nothing was lost; `dealroom --debug …` shows where it failed", err=True
    )


def _end(number: int, _frame: FrameType | None) -> None:
    """`kill`, systemd and containers end a program with SIGTERM, and a terminal that is closed with SIGHUP: what it was
    about is put away, as after Ctrl-C."""
    for each in _ENDING:
        # A shell passes on what the system said already; putting away is not to be interrupted by that.
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(SIGNALLED + number)


def _heed_signals() -> None:
    for each in _ENDING:
        # Whoever started this with `nohup` wants it to go on without the terminal.
        if signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, _end)


def _speak_unicode() -> None:
    """Let everything be written: in UTF-8 to files and programs, and to a terminal as far as it can show it.

    Windows gives a redirected stream the encoding of the country, which lacks most letters. Who sets Python's own
    `PYTHONIOENCODING` means it.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, TextIOWrapper):
            continue
        if stream.encoding.lower() == "utf-8":
            # The name of a file may hold bytes that are no text.
            stream.reconfigure(errors="backslashreplace")
        elif stream.isatty() or "PYTHONIOENCODING" in os.environ:
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")


def main() -> None:
    """Run the console script."""
    _speak_unicode()
    if "--debug" not in sys.argv:
        sys.excepthook = _fault
    _heed_signals()
    gc.set_threshold(*_COLLECTING)
    try:
        sys.exit(run())
    finally:
        # The system takes back what is left: looking for circles in it is a tenth of the time of a build of nothing.
        gc.freeze()
