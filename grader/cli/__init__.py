"""The command line: `python -m grader`. The only part that knows all others."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from grader import __version__
from grader.cli.commands import Commands
from grader.cli.output import fill_closed_descriptors, say_error
from grader.cli.stopping import Stopped
from grader.errors import KitError

INTERRUPTED = 130
UNFORESEEN = 4


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
    An instructor grades a class:   python -m grader grade submissions --out results
    that nbgrader collected:        python -m grader nbgrader COURSE_DIR --out results
    has the last word on points:    python -m grader override STUDENT EXERCISE POINTS …
    exports to other systems:       python -m grader export FORMAT …
    looks at the sandbox:           python -m grader doctor
    An author checks the course:    python -m grader course
    regenerates the stubs:          python -m grader stubs
    grades the checks:              python -m grader audit
    and hands everything out:       python -m grader release --out dist
    Learners need none of this:     pytest exercises
    """
    context.obj = root or _nearest(Path.cwd())


def _nearest(folder: Path) -> Path:
    """The nearest folder upwards that holds a course.toml; `folder` itself when there is none."""
    return next((each for each in (folder, *folder.parents) if (each / "course.toml").is_file()), folder)


def main(arguments: list[str] | None = None) -> int:
    """Run a command. Gives the exit status; prints sentences for what goes wrong, and no traceback."""
    fill_closed_descriptors()
    try:
        status = cli.main(arguments, prog_name="python -m grader", standalone_mode=False)
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
        if os.environ.get("GRADER_DEBUG"):
            raise
        say_error(
            f"grader: something failed that we did not foresee ({type(error).__name__}: {error}). Results that were "
            "stored are kept. Set GRADER_DEBUG=1 to see where, and please report it."
        )
        return UNFORESEEN
