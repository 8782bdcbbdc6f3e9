"""The commands by name. Each is imported only when it is asked for: some need torch, which takes a second to load."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

import click

from grader.errors import did_you_mean


class Listed(NamedTuple):
    """A command: the module that defines it, under which name, and what the list of commands says of it."""

    module: str
    attribute: str
    summary: str


COMMANDS: Mapping[str, Listed] = {
    "grade": Listed("grader.cli.grade", "grade_command", "Grade every submission in a folder."),
    "nbgrader": Listed("grader.cli.nbgrader", "nbgrader_command", "Grade what an nbgrader course collected."),
    "override": Listed("grader.cli.override", "override_command", "Set the points of one exercise of one learner."),
    "overrides": Listed("grader.cli.overrides", "overrides_command", "List the points that a person has set."),
    "export": Listed("grader.cli.export", "export_command", "Write the results for another system."),
    "doctor": Listed("grader.cli.doctor", "doctor_command", "Try every layer of the sandbox on this machine."),
    "course": Listed("grader.cli.course", "course_command", "Check course.toml and show the course."),
    "stubs": Listed("grader.cli.stubs", "stubs_command", "Regenerate what learners get from the solutions."),
    "audit": Listed("grader.cli.audit", "audit_command", "Grade the grader: do the checks tell right from wrong?"),
    "release": Listed("grader.cli.release", "release_command", "Make the archives for learners and for nbgrader."),
    "nbgrader-config": Listed("grader.cli.nbgrader_config", "nbgrader_config_command", "Print a config for nbgrader."),
    "gradescope": Listed("grader.cli.gradescope", "gradescope_command", "Make an autograder for Gradescope."),
    "classroom": Listed("grader.cli.classroom", "classroom_command", "Write the workflow for GitHub Classroom."),
}


class Commands(click.Group):
    """A group of `COMMANDS`, in their order."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (the name is click's)
        """The names, those used most first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None when there is no such one."""
        listed = COMMANDS.get(cmd_name)
        if listed is None:
            return None
        command = getattr(import_module(listed.module), listed.attribute)
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
            formatter.write_dl([(name, listed.summary) for name, listed in COMMANDS.items()])
