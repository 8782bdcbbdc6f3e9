"""The pytest plugin: it gives checks the `student` and `draw` fixtures, judges, reports, hints, and leaves quickly."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from grader.checks import CheckFailed, Draw, Student
from grader.checks.marks import MARK
from grader.core.assignment import FILE_NAME, Assignment, exercise_meant
from grader.core.records import CheckStatus
from grader.selfcheck.course_file import CourseFileError, LearnersCourse, read_course
from grader.selfcheck.fast_exit import ORDINARY_ENDS, leave, may_leave_at_once
from grader.selfcheck.in_process import InProcess
from grader.selfcheck.lessons import UnknownExercise, find_exercise, not_begun_and_in_notebooks
from grader.selfcheck.report import hint_text
from grader.selfcheck.run import Check, Run
from grader.selfcheck.terminal import NAME, BeginnerReport, Writer, wants_ordinary_report
from grader.selfcheck.time_limits import TimeLimit
from grader.selfcheck.watch import is_within_a_watch, say, watch
from grader.selfcheck.watch_run import OUTDATED, wait_for_a_save

if TYPE_CHECKING:
    from grader.selfcheck.submit import SubmitOptions

SECONDS = "selfcheck_seconds"
# The name of a plugin whose `reach` gives the way to functions that are in no file: those of a notebook.
ELSEWHERE = "selfcheck-elsewhere"
# The name of the plugin that hands in, where that is asked for.
SUBMIT = "selfcheck-submit"
# The plugin that wants to know of every exercise.
CLASSROOM = "grader.selfcheck.classroom"
# The names until 0.1. They answer until 0.3.
RENAMED = {"--hand-in": "submit", "--from": "source"}
# The files of checks, as our `pytest.ini` has it.
CHECKS = "checks/test_*.py"
_RUN = pytest.StashKey[Run]()
_LIMIT = pytest.StashKey[TimeLimit]()
_SESSION = pytest.StashKey[pytest.Session]()
_TO_DO = pytest.StashKey[tuple[str, int, str]]()
_LEFT_OUT = pytest.StashKey[Sequence[Assignment]]()
_LookAtLessons = Callable[[], tuple[tuple[Assignment, ...], tuple[Assignment, ...]]]
_LOOK_AT_LESSONS = pytest.StashKey[_LookAtLessons]()
_THREADS = pytest.StashKey[int]()
# Frames of ours that say nothing to a person who reads a traceback.
_OURS = (
    "grader.checks.outcome",
    "grader.checks.student",
    "grader.selfcheck.in_process",
    "grader.sandbox.inside.execute",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the self-check."""
    group = parser.getgroup("self-check")
    group.addoption("--hint", metavar="EXERCISE", help="show a hint for an exercise; the next call shows the next one")
    group.addoption(
        "--submit",
        metavar="NAME",
        nargs="?",
        const="",
        help="after the checks, write NAME.zip, the archive to submit, into the current folder",
    )
    what = "what to submit: modules, notebook, or the name of a notebook; needed only if you worked in several"
    group.addoption("--source", metavar="WHAT", help=what)
    group.addoption("--watch", action="store_true", help="check again whenever a file is saved")
    for old in RENAMED:
        group.addoption(old, dest=old, help=argparse.SUPPRESS)
    parser.addini(SECONDS, "seconds that a function may run in one call; 0 for no limit", default="10")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Read the course, and take the place of pytest's report unless that is asked for."""
    config.addinivalue_line("markers", f"{MARK}(info): a check of an exercise")
    folder = _folder(config)
    try:
        course = read_course(folder.parent / FILE_NAME)
        seconds = float(config.getini(SECONDS))
    except (CourseFileError, ValueError) as error:
        raise pytest.UsageError(str(error)) from None
    option = config.option
    if option.keyword:
        option.keyword = exercise_meant(option.keyword, course.lessons.values())
    debugged = _is_debugged(config) or sys.gettrace() is not None
    limit = TimeLimit(0 if debugged else seconds, partial(_give_up, config, may_leave_at_once()))
    show = getattr(option, "capture", "") == "no"
    elsewhere = config.pluginmanager.getplugin(ELSEWHERE)
    asked = _asked(config, folder, course)
    reach = elsewhere.reach if elsewhere else asked.reach(show) if asked else None
    run = Run(folder, course.lessons, limit, show=show, reach=reach)
    config.stash[_RUN], config.stash[_LIMIT] = run, limit
    config.stash[_THREADS] = torch.get_num_threads()
    torch.set_num_threads(1)  # as in the grading; with a few numbers to compute, threads wait longer than they work
    for name in _OURS:
        vars(sys.modules[name])["__tracebackhide__"] = True
    standard = config.pluginmanager.getplugin("terminalreporter")
    alone = _looks_at_checks_alone(config, folder)
    replaced = standard is not None and alone and not wants_ordinary_report(config)
    if asked:
        config.stash[_LEFT_OUT] = [each for each in run.there if each.id != asked.lesson.id]
    elif replaced:
        look: _LookAtLessons = partial(not_begun_and_in_notebooks, course, folder, _paths(config), option.keyword)
        run.not_begun, run.in_notebooks = look()
        config.stash[_LOOK_AT_LESSONS] = look
        if not getattr(config.option, "xmlpath", None) and not config.pluginmanager.hasplugin(CLASSROOM):
            config.stash[_LEFT_OUT] = run.not_begun
    if replaced:
        if not getattr(config.option, "xmlpath", None):
            config.option.tbstyle = "native"  # pytest's own style reads all of torch's files that an exception came by
        config.pluginmanager.unregister(standard)
        notebook = asked.notebook.path if asked and asked.notebook else None
        config.pluginmanager.register(BeginnerReport(config, run, Writer(standard._tw), notebook), NAME)
    if asked and asked.plan:
        if standard is None:
            raise pytest.UsageError("--submit says what it does in pytest's report: leave out -p no:terminal.")
        config.pluginmanager.register(asked.plugin(run, Writer(standard._tw)), SUBMIT)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """`--hint mse` shows a hint, and tries nothing; `--watch` tries again and again."""
    if config.option.watch and not is_within_a_watch():
        return _watched(config)
    if config.option.hint is None:
        return None
    if config.option.submit is not None:
        raise pytest.UsageError("--hint only shows a hint and checks nothing: leave it out to hand in.")
    folder = _folder(config)
    try:
        course, here = read_course(folder.parent / FILE_NAME), config.invocation_params.dir
        lesson, exercise, command = find_exercise(config.option.hint, course, folder, _paths(config), here)
        say(hint_text(folder / lesson.id, exercise, command))
    except (UnknownExercise, CourseFileError) as error:
        raise pytest.UsageError(str(error)) from None
    return int(pytest.ExitCode.OK)


def _hint(folder: Path, lesson: str, exercise: str) -> str:
    course = read_course(folder.parent / FILE_NAME)
    return hint_text(folder / lesson, course.lessons[lesson].exercises[exercise], "")


def _watched(config: pytest.Config) -> int:
    option = config.option
    others = {"--hint": option.hint, "--submit": option.submit, "--pdb": option.usepdb, "--trace": option.trace}
    for name in (name for name, given in others.items() if given):
        raise pytest.UsageError(f"--watch and {name} don't go together: leave one of them out.")
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture:
        capture.suspend_global_capture(in_=True)  # keys are for us
    folder = _folder(config)
    arguments = [each for each in config.invocation_params.args if each != "--watch"]
    begins_with_more = option.source or getattr(option, "xmlpath", None) or any(getattr(option, old) for old in RENAMED)
    ahead = not begins_with_more and _looks_at_checks_alone(config, folder) and not wants_ordinary_report(config)
    return watch(folder, list(map(str, arguments)), partial(_hint, folder), ahead)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out lessons of which nothing is to be tried."""
    left_out = config.stash.get(_LEFT_OUT, ())
    is_left_out = bool(left_out) and collection_path.parent == config.stash[_RUN].folder
    return True if is_left_out and collection_path.name in {each.id for each in left_out} else None


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, object, object]:
    """Take in the checks before -k leaves some out, and afterwards those that it left although they aren't meant."""
    run = config.stash[_RUN]
    run.plan(items, by_name=any("::" in argument for argument in config.args))
    result = yield
    others = run.narrow(items, config.option.keyword)
    if others:
        config.hook.pytest_deselected(items=others)
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """A run that a watch has prepared waits here for a save. It is of no use if that begins another lesson."""
    run, look = session.config.stash[_RUN], session.config.stash.get(_LOOK_AT_LESSONS, None)
    if wait_for_a_save() and look and look() != (run.not_begun, run.in_notebooks):
        leave(OUTDATED)


def run_of(config: pytest.Config) -> Run | None:
    """The run of the self-check, for plugins beside this one; None where there is none."""
    return config.stash.get(_RUN, None)


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Student:
    """The learner's functions."""
    return request.config.stash[_RUN].student(_check(request))


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Draw:
    """Inputs that are the same on every run."""
    return request.config.stash[_RUN].draw(_check(request))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Keep what became of a check. What is still to do is skipped, and forbidden use fails."""
    run = item.config.stash[_RUN]
    check = run.check(item)
    if check is None:
        return (yield)
    transport = run.transport(check)
    transport.printed, transport.error = "", None
    try:
        result = yield
    except CheckFailed as failed:
        run.note(check, failed)
        if failed.status is CheckStatus.TODO:
            _skip(item, check, transport, failed)
        if transport.error is None:
            raise
        error = _from_learners_code(transport.error, transport)
        if getattr(item.config.option, "usepdb", False):
            raise error from None  # the debugger stops in the learner's own code
        raise failed from error
    except Exception as error:
        run.note(check, error)
        raise
    failure = run.note(check, None)
    if failure:
        raise failure
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What is to do is to be done in the learner's file."""
    report = yield
    if report.skipped and report.when == "call" and _TO_DO in item.stash:
        report.longrepr = item.stash[_TO_DO]
    return report


def pytest_enter_pdb(config: pytest.Config) -> None:
    """A person debugs: no limit on how long that takes."""
    config.stash[_LIMIT].suspend()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Only a run that got this far may end quickly."""
    session.config.stash[_SESSION] = session


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """After an ordinary end, leave at once: taking the interpreter apart costs as much as the checks."""
    session = config.stash.get(_SESSION, None)
    if _RUN not in config.stash:
        return
    config.stash[_RUN].forget()
    torch.set_num_threads(config.stash[_THREADS])
    plain = _looks_at_checks_alone(config, config.stash[_RUN].folder) and not _is_debugged(config)
    if plain and session is not None and session.exitstatus in ORDINARY_ENDS and may_leave_at_once():
        leave(int(session.exitstatus))


def _paths(config: pytest.Config) -> list[Path]:
    """What pytest was pointed at."""
    return [(config.invocation_params.dir / argument.partition("::")[0]).resolve() for argument in config.args]


def _asked(config: pytest.Config, folder: Path, course: LearnersCourse) -> SubmitOptions | None:
    """What `--submit` and `--source` ask for, None when they aren't there."""
    _take_old_names(config)
    if config.option.submit is None and config.option.source is None:
        return None
    from grader.selfcheck.submit import asked_of  # takes a moment, which most runs can do without

    return asked_of(config, folder, course, _paths(config))


def _take_old_names(config: pytest.Config) -> None:
    """Options that were typed under the names of before count, and whoever typed them is told the new ones."""
    for old, new in RENAMED.items():
        if (given := getattr(config.option, old)) is not None:
            print(f'"{old}" is now "--{new}". The old name goes away in 0.3.', file=sys.stderr)
            if getattr(config.option, new) is None:
                setattr(config.option, new, given)


def _is_debugged(config: pytest.Config) -> bool:
    return bool(getattr(config.option, "usepdb", False) or getattr(config.option, "trace", False))


def _folder(config: pytest.Config) -> Path:
    """The folder of the lessons: where pytest was pointed at, or `exercises` in a run from further up."""
    below = config.rootpath / "exercises"
    return below if (config.rootpath / FILE_NAME).is_file() and below.is_dir() else config.rootpath


def _looks_at_checks_alone(config: pytest.Config, folder: Path) -> bool:
    """Whether this is a run by our own `pytest.ini`, in the folder of the lessons or in the course's, and so of nothing
    but checks."""
    return config.rootpath == folder or config.getini("python_files") == [CHECKS]


def _check(request: pytest.FixtureRequest) -> Check:
    check = request.config.stash[_RUN].check(request.node)
    if check is None:
        raise pytest.UsageError(f"{request.node.nodeid}: only a test marked with @check or @guard gets this fixture.")
    return check


def _skip(item: pytest.Item, check: Check, transport: InProcess, failed: CheckFailed) -> None:
    place = transport.definition(check.exercise.module, check.exercise.function)
    file = str(transport.files.path(check.exercise.module))
    item.stash[_TO_DO] = (file, place.line if place else 1, f"Skipped: {failed.finding.summary.rstrip('.')}")
    pytest.skip(failed.finding.summary.rstrip("."))


def _from_learners_code(error: BaseException, transport: InProcess) -> BaseException:
    """The exception with a traceback that begins in the learner's own code, if it went through any."""
    step = error.__traceback__
    while step is not None and not transport.is_learners(step.tb_frame.f_code.co_filename):
        step = step.tb_next
    return error.with_traceback(step) if step else error


def _give_up(config: pytest.Config, at_once: bool) -> None:
    """A call that can't be stopped: the run ends here, in one sentence."""
    if not at_once:
        return
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture:
        capture.suspend_global_capture(in_=False)
    sys.__stderr__.write(  # type: ignore[union-attr]
        "\nThe self-check ends here: your code runs without end and doesn't let itself be stopped "
        "(a bare `except:` catches everything). Run the exercises one by one, with -k, to find which.\n"
    )
    hand_in = config.pluginmanager.getplugin(SUBMIT)
    if hand_in:
        hand_in.say_at_once(sys.__stderr__)
    leave(1)
