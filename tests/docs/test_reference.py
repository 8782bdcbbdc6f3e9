"""What the docs list is what there is: commands, options, keys of course.toml, methods, make targets."""

from __future__ import annotations

import inspect
import re
import shlex
import tomllib
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import click
import pytest

import grader.checks
from grader.checks import Draw, Outcome
from grader.cli import COMMANDS, cli
from grader.core.assignment import DERIVED, Assignment, CourseInfo, Exercise, Late, Limits, Module
from grader.results.export.formats import FORMATS

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
EXPORTS = [f"export {name}" for name in FORMATS]
TABLES = {
    **dict.fromkeys(
        ("grader", "grade", "doctor", "override set", "override list", "diff", "similar", "groups"),
        "docs/instructors.md",
    ),
    **dict.fromkeys(("comment set", "comment list"), "docs/instructors.md"),
    **dict.fromkeys(
        (*EXPORTS, "export gradescope-autograder", "export classroom-workflow", "feedback"), "docs/exports.md"
    ),
    **dict.fromkeys(("init", "new lesson", "new exercise", "stubs", "suggest"), "docs/authors.md"),
    "export class-page": "docs/results.md",
    "export gradebook": "docs/exports.md",
    "nbgrader": "docs/nbgrader.md",
    "collect": "docs/which-way.md",
    "release": "docs/release.md",
    "audit": "docs/audit.md",
}
# Written by hand, because the model has it filled in from the table's name.
FILLED_IN: dict[tuple[type, str], str] = {(Exercise, "function"): "the exercise's ID"}


SUBCOMMANDS = {name: command for name in COMMANDS if (command := cli.get_command(click.Context(cli), name))}


def options_of(command: click.Command) -> dict[str, click.Option]:
    return {
        name: option
        for option in command.params
        if isinstance(option, click.Option)
        for name in option.opts
        if name not in ("-h", "--help")
    }


def every_command() -> dict[str, click.Command]:
    """By what is typed; of a group of commands its own ones, too: `new lesson`."""
    own = {
        f"{group} {name}": command
        for group, each in SUBCOMMANDS.items()
        if isinstance(each, click.Group)
        for name, command in each.commands.items()
    }
    return {"grader": cli, **SUBCOMMANDS, **own}


@pytest.mark.parametrize("name", sorted(every_command()))
def test_every_option_is_documented_and_every_documented_option_exists(name: str, page: Callable[[str], Any]) -> None:
    options = options_of(every_command()[name])
    if name not in TABLES:
        assert not options, f"{name} has options now: it needs a table"
        return
    rows = page(TABLES[name]).table(f"option of `{'export FORMAT' if name in EXPORTS else name}`")
    assert {row.split()[0] for row in rows} == set(options)
    for row in rows:
        option, *value = row.split()
        assert bool(value) != options[option].is_flag, f"{row}: does it take a value?"


@pytest.mark.parametrize("name", sorted(set(every_command()) - {"grader"}))
def test_every_command_is_documented_and_has_help(name: str, page: Callable[[str], Any]) -> None:
    assert every_command()[name].help
    everything = "\n".join(text for doc in DOCS for text in [page(doc).prose, *(f.text for f in page(doc).fences)])
    assert f"python -m grader {name}" in everything


@pytest.mark.parametrize("name", DOCS)
def test_a_documented_call_names_a_command_and_options_that_exist(name: str, page: Callable[[str], Any]) -> None:
    here = page(name)
    lines = re.findall(r"`([^`\n]+)`", here.prose) + [line for fence in here.fences for line in fence.text.splitlines()]
    for line in lines:
        found = re.search(r"(?:^|python -m )grader((?: [^\s#].*)?)$", line.strip().removeprefix("$ "))
        if not found:
            continue
        words = shlex.split(found[1].split(" #")[0])
        command = next((word for word in words if word in SUBCOMMANDS), None)
        typed = [each for each in (command, " ".join(words[:2])) if each in every_command()]
        known = {name for each in ("grader", *typed) for name in options_of(every_command()[each])}
        for word in words:
            if word.startswith("--"):
                assert word.partition("=")[0] in {*known, "--help"}, f"{name}: {line}"
        first = next((word for word in words if not word.startswith("-") and word.islower()), command)
        assert first == command, f"{name}: {line}: no such command"


@pytest.mark.parametrize(
    ("header", "model"),
    [
        ("[course]", CourseInfo),
        ("[assignments.ID]", Assignment),
        ("[assignments.ID.modules.ID]", Module),
        ("[assignments.ID.exercises.ID]", Exercise),
        ("[assignments.ID.late]", Late),
        ("[assignments.ID.limits]", Limits),
    ],
)
def test_every_key_of_the_course_is_documented_with_its_default(
    header: str, model: type, page: Callable[[str], Any]
) -> None:
    rows = page("docs/authors.md").table(f"key of `{header}`")
    keys = [each for each in fields(model) if each.metadata != DERIVED and (each.name != "id" or model is CourseInfo)]
    defaults = {each.name: each.default for each in keys}
    assert list(rows) == list(defaults)
    for name, (kind, default, meaning) in rows.items():
        assert kind, name
        assert meaning, name
        if (model, name) in FILLED_IN:
            assert default == FILLED_IN[model, name]
        elif defaults[name] is MISSING:
            assert default == "required", name
        elif defaults[name] is None:
            assert default == "none", name
        else:
            written = tomllib.loads(f"value = {default.strip('`')}")["value"]
            expected = defaults[name]
            if isinstance(expected, (Late, Limits)):
                assert (written, expected) == ({}, type(expected)()), name
            else:
                assert written == (list(expected) if isinstance(expected, tuple) else expected), name


@pytest.mark.parametrize(("header", "kind"), [("method of `Outcome`", Outcome), ("method of `Draw`", Draw)])
def test_every_method_of_a_check_is_documented_with_its_parameters(
    header: str, kind: type, page: Callable[[str], Any]
) -> None:
    rows = {name.partition("(")[0]: name for name in page("docs/checks.md").table(header)}
    public = {name: each for name, each in vars(kind).items() if not name.startswith("_")}
    methods = {name: each for name, each in public.items() if callable(each) or isinstance(each, property)}
    assert set(rows) == set(methods)
    for name, written in rows.items():
        if isinstance(vars(kind)[name], property):
            assert written == name
            continue
        parameters = [
            str(p).split(":")[0].split("=")[0].strip()
            for p in list(inspect.signature(methods[name]).parameters.values())[1:]
        ]
        inside = written.partition("(")[2].removesuffix(")")
        assert [part.split("=")[0].strip() for part in inside.split(", ") if part] == parameters, written


def test_everything_that_a_check_may_import_is_documented(page: Callable[[str], Any]) -> None:
    assert set(page("docs/checks.md").table("name in `grader.checks`")) == set(grader.checks.__all__)


def test_every_make_target_is_documented(page: Callable[[str], Any]) -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(page("CONTRIBUTING.md").table("command")) == {f"make {target}" for target in targets}
