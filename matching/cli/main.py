"""The command `leermatch`: one line for an error, exit code 2 for bad input, no traceback."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from competences.errors import LeermatchError
from matching.cli import (
    audit,
    batch,
    card,
    demo,
    forget,
    importing,
    index,
    insight,
    match,
    plan,
    recognise,
    replay,
    report,
    savings,
    screen,
    train,
)
from matching.version import __version__
from matching.wording.plain import plain

app = typer.Typer(
    help="Match learners to learning offers that fit the hours they really have.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

USAGE: type[Any] = typer.BadParameter.__bases__[0]
"""A command line that cannot be read. Typer brings its own click and names only this one's children."""
STOPPED = 130
"""Exit code after Ctrl-C."""

COMMANDS: dict[str, Callable[..., None]] = {
    "audit": audit.audit,
    "batch": batch.batch,
    "card": card.card,
    "demo": demo.demo,
    "forget": forget.forget,
    "import": importing.import_records,
    "match": match.match,
    "plan": plan.plan,
    "recognise": recognise.recognise,
    "replay": replay.replay,
    "report": report.report,
    "savings": savings.savings,
    "screen": screen.screen,
    "train": train.train,
}
for _name, _command in COMMANDS.items():
    app.command(_name)(_command)
app.add_typer(index.app, name="index")
app.add_typer(insight.app, name="insight")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"leermatch {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of the command itself."""


def main() -> None:
    """Run the command; whatever is wrong with what it was given becomes one line on stderr, and exit code 2."""
    _keep_stdout()
    _say_warnings()
    try:
        code = app(prog_name="leermatch", standalone_mode=False)
        sys.stdout.flush()
    except USAGE as error:
        # Without arguments the help was shown, and there is nothing left to say.
        if message := error.format_message():
            _complain(f"{message} (see {error.ctx.command_path if error.ctx else 'leermatch'} --help)")
        sys.exit(2)
    except LeermatchError as error:
        _complain(str(error))
        sys.exit(2)
    except OSError as error:
        # What has a name is caught where it is opened: this is the output itself, on a disk that is full.
        _complain(f"{error.filename or 'what was to be printed'}: {error.strerror}")
        os._exit(2)
    if code == STOPPED:
        _complain("stopped")
    sys.exit(code or 0)


def _complain(message: str) -> None:
    print(f"leermatch: {plain(' '.join(message.split()))}", file=sys.stderr)


def _say_warnings() -> None:
    """What readers could not interpret, one line each; of vain tries to reach a hub, only the end."""
    os.environ.setdefault("HF_HUB_VERBOSITY", "critical")  # read when that library is imported
    handler = logging.StreamHandler()
    handler.emit = lambda record: _complain(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("leermatch").addHandler(handler)


def _keep_stdout() -> None:
    """Native libraries (a solver, say) print to file descriptor 1 what they like. What a command prints must be
    its own, or JSON breaks: their chatter goes to stderr."""
    sys.stdout.flush()
    ours = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = os.fdopen(ours, "w", encoding="utf-8", errors="replace", buffering=1)
