"""The command within this process: fast, and an error that it does not expect is seen as it is."""

from __future__ import annotations

from typer.testing import CliRunner

from matching.cli.main import app


def run(*arguments: object, code: int = 0) -> str:
    """What it prints, where it exits with `code`."""
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.stdout
