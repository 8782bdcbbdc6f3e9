"""The commands by name. Each is imported only when it is asked for: some need torch, which takes a second to load."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from grader.errors import did_you_mean

# What the list of commands says of each. `grade` is `grade_command` of `grader.cli.grade`, and so on.
COMMANDS: Mapping[str, str] = {
    "grade": "Grade every submission in a folder.",
    "nbgrader": "Grade what an nbgrader course collected.",
    "override": "Set the points of one exercise of one learner.",
    "overrides": "List the points that a person has set.",
    "export": "Write the results for another system.",
    "doctor": "Try every layer of the sandbox on this machine.",
    "course": "Check course.toml and show the course.",
    "stubs": "Regenerate what learners get from the solutions.",
    "audit": "Grade the grader: do the checks tell right from wrong?",
    "release": "Make the archives for learners and for nbgrader.",
    "nbgrader-config": "Print a config for nbgrader.",
    "gradescope": "Make an autograder for Gradescope.",
    "classroom": "Write the workflow for GitHub Classroom.",
}


class Commands(click.Group):
    """A group of `COMMANDS`, in their order."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (the name is click's)
        """The names, those used most first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None when there is no such one."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(import_module(f"grader.cli.{name}"), f"{name}_command")
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed. Raises `click.UsageError` with the nearest one when there is no such one."""
        if args and args[0] not in COMMANDS:
            ctx.fail(f"There is no command '{args[0]}'.{did_you_mean(args[0], list(COMMANDS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List them with their summaries, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
