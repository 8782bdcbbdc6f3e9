"""Commands and options that have new names answer to the old ones, and say so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from grader.cli import RENAMED, RenamedOptions, cli
from grader.cli.batch_options import RENAMED_OPTIONS
from grader.cli.grade_command import grade_command

NOTICE = 'grader: "{}" is now "{}". The old name goes away in 0.3.\n'


@click.command(cls=RenamedOptions, renamed={"--old": "--new", "--level boxed": "--sandbox full", "--quiet": "--say no"})
@click.option("--new")
@click.option("--sandbox")
@click.option("--level")
@click.option("--say")
@click.argument("words", nargs=-1)
def command(**given: object) -> None:
    click.echo(given)


def said(*arguments: str) -> str:
    run = CliRunner().invoke(command, arguments)
    assert run.exit_code == 0, run.output
    return run.stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["--old", "3"], ["--new", "3"]),
        (["--old=3"], ["--new=3"]),
        (["--level", "boxed"], ["--sandbox", "full"]),
        (["--level=boxed"], ["--sandbox", "full"]),
        (["--level", "other"], ["--level", "other"]),
        (["--quiet", "a"], ["--say", "no", "a"]),
    ],
)
def test_an_old_option_does_what_the_new_one_does(old: list[str], new: list[str]) -> None:
    assert said(*old) == said(*new)


def test_after_two_dashes_every_word_is_what_it_is() -> None:
    assert "'words': ('--old', '--quiet')" in said("--", "--old", "--quiet")


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1)))
def test_words_that_are_no_options_stay_as_they_are(words: list[str]) -> None:
    assert said(*words) == said("--", *words)


def test_whoever_types_an_old_name_reads_the_new_one(kit: Callable[..., Any]) -> None:
    run = kit("course")
    assert run.stderr == NOTICE.format("course", "check")
    assert (run.code, run.stdout) == (0, kit("check").stdout)


def test_every_old_command_leads_to_one_that_is_there() -> None:
    for new in RENAMED.values():
        run = CliRunner().invoke(cli, [*new.split(), "--help"])
        assert run.exit_code == 0, new


def test_what_was_said_to_override_counts_with_and_without_set(kit: Callable[..., Any], tmp_path: Path) -> None:
    old = kit("override", "ada", "mse", "3", "--reason", "x", "--out", tmp_path)
    new = kit("override", "set", "ada", "mse", "3", "--reason", "x", "--results", tmp_path)
    assert old.stderr.endswith(new.stderr)
    assert "There are no results in" in new.stderr
    assert NOTICE.format("override STUDENT …", "override set STUDENT …") in old.stderr
    assert NOTICE.format("--out", "--results") in old.stderr


def test_every_old_level_of_the_sandbox_is_a_new_one() -> None:
    levels = next(option for option in grade_command.params if option.name == "sandbox").type
    assert isinstance(levels, click.Choice)
    assert sorted(new.split()[1] for new in RENAMED_OPTIONS.values()) == sorted(levels.choices)
