"""The command within this process: fast, and an error that it does not expect is seen as it is."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import NamedTuple
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from matching.cli import main as command


class Said(NamedTuple):
    code: int
    out: str
    err: str


def run(*arguments: object, code: int = 0) -> str:
    """What it prints, where it exits with `code`."""
    done = CliRunner().invoke(command.app, [str(one) for one in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.stdout


def said(*arguments: object) -> Said:
    """All that a person meets, errors too. What it does to the process that it has for itself is left out: the
    streams it moves, the handler it adds, the hard end."""
    out, err = StringIO(), StringIO()
    with (
        patch.object(sys, "argv", ["leermatch", *map(str, arguments)]),
        patch.object(command, "_keep_stdout"),
        patch.object(command, "_say_warnings"),
        patch.object(os, "_exit", sys.exit),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        command.main()
    return Said(int(str(ended.value.code)), out.getvalue(), err.getvalue())
