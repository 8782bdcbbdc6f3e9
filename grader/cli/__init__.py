"""The command line: `grader`, or `python -m grader`. The only part that knows all others.

Each command is imported only when it is asked for: some need torch, which takes a second to load.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from grader import __version__
from grader.cli.interruptions import Stopped, fill_closed_descriptors, say_error
from grader.core.errors import KitError, MissingPackage, did_you_mean

INTERRUPTED = 130
UNFORESEEN = 4


# What the list of commands says of each. `grade` is the function `grade_command`, and so on.
COMMANDS: Mapping[str, str] = {
    "collect": "Make entries for grading of what another system packed.",
    "grade": "Grade every submission in a folder.",
    "nbgrader": "Grade what an nbgrader course collected.",
    "groups": "List answers that behave alike.",
    "comment": "Write a comment to a group, a learner or everybody.",
    "override": "Set points by hand, and list those that were set.",
    "diff": "Compare the results of two gradings.",
    "similar": "Show which submissions agree surprisingly.",
    "feedback": "Pack the feedback pages to return to learners.",
    "export": "Write the results, or our grader itself, for another system.",
    "doctor": "Try every layer of the sandbox on this machine.",
    "check": "Check course.toml and show the course.",
    "init": "Make a course in an empty folder.",
    "new": "Begin a lesson or an exercise.",
    "suggest": "Suggest checks and mistakes for an exercise.",
    "stubs": "Regenerate what learners get from the solutions.",
    "audit": "Grade the grader: do the checks tell right from wrong?",
    "release": "Make the archives for learners and for nbgrader.",
}


# The modules that are not called like the function: most are, `doctor_command` and so on.
_MODULES = {
    **dict.fromkeys(("init", "new", "stubs", "release"), "author_commands"),
    **dict.fromkeys(("groups", "diff"), "class_commands"),
    "check": "doctor_command",
}
# The names until 0.1. They answer until 0.3.
RENAMED: Mapping[str, str] = {
    "course": "check",
    "overrides": "override list",
    "nbgrader-config": "export nbgrader-config",
    "gradescope": "export gradescope-autograder",
    "classroom": "export classroom-workflow",
}


def say_renamed(old: str, new: str) -> None:
    """Tell whoever typed the old name."""
    say_error(f'grader: "{old}" is now "{new}". The old name goes away in 0.3.')


class RenamedOptions(click.Command):
    """A command whose options had other names: `@click.command(cls=RenamedOptions, renamed={"--old": "--new"})`.

    A name stands for an option whatever its value, `--old VALUE` for one of its values: `{"--level boxed": "--full"}`.
    """

    def __init__(self, *arguments: Any, renamed: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.renamed = renamed

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Read the words that were typed, as they are called now."""
        return super().parse_args(context, list(self._as_now(arguments)))

    def _as_now(self, arguments: Sequence[str]) -> Iterator[str]:
        words = list(arguments)
        while words:
            word = words.pop(0)
            if word == "--":
                yield from (word, *words)
                return
            name, has_value, value = word.partition("=")
            following = value if has_value else next(iter(words), "")
            if new := self.renamed.get(f"{name} {following}"):
                if not has_value:
                    words.pop(0)
                say_renamed(f"{name} {following}", new)
                yield from new.split()
            elif new := self.renamed.get(name):
                say_renamed(name, new)
                yield from f"{new}={value}".split() if has_value else new.split()
            else:
                yield word


class Commands(click.Group):
    """A group of `COMMANDS`, in their order."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (the name is click's)
        """The names, those used most first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command; None when there is no such one."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name.replace('-', '_')}_command"
        command = getattr(import_module(f"grader.cli.{_MODULES.get(cmd_name, name)}"), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed. Raises `click.UsageError` with the nearest one when there is no such one."""
        if args and args[0] in RENAMED:
            say_renamed(args[0], RENAMED[args[0]])
            args = [*RENAMED[args[0]].split(), *args[1:]]
        if args and args[0] not in COMMANDS:
            ctx.fail(f"There is no command '{args[0]}'.{did_you_mean(args[0], list(COMMANDS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List them with their summaries, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="grader")
@click.option(
    "--course",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    help="The course's folder, which holds course.toml.  [default: this folder, or the nearest one above it]",
)
@click.pass_context
def cli(context: click.Context, root: Path | None) -> None:
    """Grades a course's submissions with hidden checks, in processes apart, and keeps the course in order.

    \b
    An instructor collects work:    python -m grader collect DOWNLOAD --from canvas …
    grades a class:                 python -m grader grade submissions --out results
    that nbgrader collected:        python -m grader nbgrader COURSE_DIR --out results
    lists answers that are alike:   python -m grader groups --results results
    comments on all of them:        python -m grader comment set GROUP TEXT …
    sets points by hand:            python -m grader override set WHO EXERCISE POINTS …
    sees what agrees too well:      python -m grader similar submissions --out similar
    packs the feedback pages:       python -m grader feedback --results results --out pages.zip
    exports to other systems:       python -m grader export FORMAT …
    tries the sandbox:              python -m grader doctor
    An author checks the course:    python -m grader check
    regenerates the stubs:          python -m grader stubs
    grades the checks:              python -m grader audit
    and releases everything:        python -m grader release --out dist
    Learners need none of this:     pytest exercises
    """
    context.obj = root or _nearest(Path.cwd())


def _nearest(folder: Path) -> Path:
    """The nearest folder upwards that holds a course.toml; `folder` itself when there is none."""
    return next((each for each in (folder, *folder.parents) if (each / "course.toml").is_file()), folder)


def _called() -> str:
    """What a person typed to get here."""
    return "grader" if Path(sys.argv[0]).stem == "grader" else "python -m grader"


def main(arguments: list[str] | None = None) -> int:
    """Run a command. Gives the exit status; prints sentences for what goes wrong, and no traceback."""
    fill_closed_descriptors()
    try:
        status = cli.main(arguments, prog_name=_called(), standalone_mode=False)
        return int(status or 0)
    except KitError as error:
        say_error(f"grader: {error}")
        return error.exit_code
    except Stopped as stopped:
        return stopped.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone away, as `| head` does
        return 0
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and MissingPackage.explains(error):
            say_error(f"grader: {MissingPackage.of(error)}")
            return MissingPackage.exit_code
        if os.environ.get("GRADER_DEBUG"):
            raise
        say_error(
            f"grader: something failed that we did not foresee ({type(error).__name__}: {error}). Results that were "
            "stored are kept. Set GRADER_DEBUG=1 to see where, and please report it."
        )
        return UNFORESEEN
