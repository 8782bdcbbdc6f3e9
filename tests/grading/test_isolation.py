"""Levels: what the layers amount to, what is refused, and what a learner's process finds at each."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader.cli import cli
from grader.core.assignment import Limits
from grader.core.errors import GradingError
from grader.grading.session import Session
from grader.sandbox.host import bubblewrap, machine
from grader.sandbox.host.machine import Isolation, Level, choose_isolation
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.protocol.messages import Call, ChildEnded, Raised, Reply
from tests.lesson_points import TOTAL

LOCKED = Isolation(landlock=True, seccomp=True)
BOXED = Isolation(bubblewrap=True, landlock=True, seccomp=True)
LIMITS = Limits(scratch_bytes=4_000_000, exercise_seconds=10)
SOURCE = """
import os, tempfile

def reads(path):
    with open(path) as file:
        return file.read()

def writes(megabytes):
    for number in range(megabytes):
        with open(f"{number}", "wb") as file:
            file.write(bytes(1_000_000))
    return megabytes

def keeps(text):
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write(text)
        file.seek(0)
        return file.read()

def who(_):
    return [os.getuid(), os.getpid(), len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0]
"""

needs_bubblewrap = pytest.mark.skipif(bool(bubblewrap.unavailable_reason()), reason="bubblewrap does not work here")
needs_landlock = pytest.mark.skipif(bool(machine.landlock_unavailable_reason()), reason="Landlock does not work here")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(BOXED, id="full", marks=needs_bubblewrap),
        pytest.param(LOCKED, id="kernel", marks=needs_landlock),
    ],
)
def ask(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    with Zygote(request.param, LIMITS) as zygote:

        def performed(function: str, argument: Any) -> Reply | Raised:
            session = Session(zygote, {"m": SOURCE}, LIMITS)
            session.begin("cpu")
            try:
                return session.send(Call("m", function, (argument,)))().outcome
            finally:
                session.close()

        yield performed


@pytest.mark.parametrize("place", ["course.toml", "solutions/linear_regression/from_scratch.py", "README.md"])
def test_no_file_of_the_course_can_be_read(ask: Callable[..., Any], root: Path, place: str) -> None:
    outcome = ask("reads", str(root / place))
    assert isinstance(outcome, Raised)
    assert outcome.type_name in ("FileNotFoundError", "PermissionError")


def test_a_temporary_file_can_be_written_and_read(ask: Callable[..., Any]) -> None:
    assert ask("keeps", "kept") == Reply("kept", (None,))


def test_a_little_may_be_written(ask: Callable[..., Any]) -> None:
    assert ask("writes", 2) == Reply(2, (None,))


@pytest.mark.parametrize("megabytes", [pytest.param(8, id="in a moment"), 5000])
def test_no_more_than_the_limit_can_be_written(ask: Callable[..., Any], megabytes: int) -> None:
    try:
        outcome = ask("writes", megabytes)
    except ChildEnded as ended:
        assert "more to its folder" in str(ended)  # noqa: PT017
    else:
        assert isinstance(outcome, Raised)
        assert "No space left" in outcome.message


def test_what_one_submission_wrote_is_gone_for_the_next(ask: Callable[..., Any]) -> None:
    ask("writes", 1)
    outcome = ask("reads", "0")
    assert isinstance(outcome, Raised)
    assert outcome.type_name == "FileNotFoundError"


def without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    """Let layers fail as they do on a machine that lacks them."""
    tried = {name: f"{name}_unavailable_reason" for name in ("seccomp", "landlock")}
    for name in missing:
        if name == "bubblewrap":
            monkeypatch.setattr(
                bubblewrap, "unavailable_reason", lambda **_: "bubblewrap is not installed. Install it."
            )
        else:
            monkeypatch.setattr(machine, tried[name], lambda name=name: f"{name} does not work here. Mend it.")


@needs_landlock
def test_without_bubblewrap_grading_is_locked_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "bubblewrap")
    chosen, note = choose_isolation(None)
    assert chosen.level == "kernel"
    assert note == "Sandbox: kernel, not full. bubblewrap is not installed. Install it."


@pytest.mark.parametrize("missing", [("seccomp",), ("landlock", "bubblewrap"), ("seccomp", "landlock", "bubblewrap")])
def test_too_little_is_refused_with_what_is_missing(monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]) -> None:
    without(monkeypatch, *missing)
    levels: tuple[Level | None, ...] = (None, "full", "kernel")
    for wanted in levels:
        with pytest.raises(GradingError, match="nothing was run") as refused:
            choose_isolation(wanted)
    assert all(f"{name} " in str(refused.value) for name in missing if name != "bubblewrap")


def test_a_level_that_can_not_be_had_is_refused_even_where_another_could(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "bubblewrap")
    with pytest.raises(GradingError, match="bubblewrap is not installed"):
        choose_isolation("full")


def test_trust_must_be_asked_for_and_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "seccomp")
    chosen, note = choose_isolation("none")
    assert chosen == Isolation()
    assert chosen.level == "none"
    assert note.startswith("Warning: --sandbox none.")


def test_layers_without_system_call_filter_amount_to_nothing() -> None:
    assert Isolation(bubblewrap=True, landlock=True, users=True, cgroup=True).level == "none"
    assert Isolation(seccomp=True, users=True, cgroup=True).level == "none"


def test_the_doctor_names_every_layer_and_the_level() -> None:
    done = CliRunner().invoke(cli, ["doctor"], standalone_mode=False)
    assert done.exception is None
    for name in ("seccomp", "landlock", "bubblewrap", "users", "cgroup"):
        assert name in done.output
    assert "Level: " in done.output


def test_the_doctor_says_what_to_do_and_ends_with_1_when_it_is_too_little(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "seccomp")
    done = CliRunner().invoke(cli, ["doctor"], standalone_mode=False)
    assert done.return_value == 1
    assert "seccomp does not work here. Mend it." in done.output
    assert "Level: none." in done.output
    assert "--sandbox", "none" in done.output


def test_trusted_marks_every_result_everywhere(
    kit: Callable[..., Any], submit: Callable[..., Path], tmp_path: Path
) -> None:
    submit(tmp_path / "in", "ada")
    (tmp_path / "in" / "bob.zip").write_bytes(b"nothing")
    run = kit("grade", tmp_path / "in", "--sandbox", "none", out=tmp_path / "out")
    assert run.code == 0
    assert "Warning: --sandbox none." in run.stdout
    assert "2 of them with --sandbox none" in run.stdout
    records = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
    assert [record["trusted"] for record in records] == [True, True]
    assert records[0]["score"] == TOTAL
    pages = [path.read_text() for path in (tmp_path / "out" / "feedback").glob("ada*")]
    assert len(pages) == 2
    assert all("--sandbox none" in page for page in pages)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has capabilities to give up")
def test_where_root_s_children_have_no_user_of_their_own_they_have_no_capabilities_either() -> None:
    source = 'def f(_):\n    return [line for line in open("/proc/self/status") if line.startswith("Cap")]\n'
    with Zygote(Isolation(seccomp=True), LIMITS) as zygote:
        session = Session(zygote, {"m": source}, LIMITS)
        session.begin("cpu")
        outcome = session.send(Call("m", "f", (0,)))().outcome
        session.end_child()
    assert isinstance(outcome, Reply)
    held = {line.split()[0]: int(line.split()[1], 16) for line in outcome.value}
    assert held["CapPrm:"] == held["CapEff:"] == held["CapAmb:"] == 0
