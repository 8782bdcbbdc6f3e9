"""The command line: `python -m grader`. The only part that knows all others."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from grader import __version__
from grader.cli.audit import audit_command
from grader.cli.classroom import classroom_command
from grader.cli.course import course_command
from grader.cli.doctor import doctor_command
from grader.cli.export import export_command
from grader.cli.grade import grade_command
from grader.cli.gradescope import gradescope_command
from grader.cli.nbgrader import nbgrader_command
from grader.cli.nbgrader_config import nbgrader_config_command
from grader.cli.output import fill_closed_descriptors, say_error
from grader.cli.override import override_command
from grader.cli.overrides import overrides_command
from grader.cli.release import release_command
from grader.cli.stopping import Stopped
from grader.cli.stubs import stubs_command
from grader.errors import KitError

INTERRUPTED = 130
UNFORESEEN = 4


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


cli.add_command(grade_command)
cli.add_command(nbgrader_command)
cli.add_command(nbgrader_config_command)
cli.add_command(override_command)
cli.add_command(overrides_command)
cli.add_command(export_command)
cli.add_command(gradescope_command)
cli.add_command(classroom_command)
cli.add_command(doctor_command)
cli.add_command(course_command)
cli.add_command(stubs_command)
cli.add_command(audit_command)
cli.add_command(release_command)


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
