"""Modules that can't be imported, or not in time: they are tried once, and what needs them is run by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pytest

from grader.core.assignment import Limits
from grader.grading.session import Session
from grader.sandbox.host.machine import Isolation
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.protocol.messages import Call, ChildEnded, Raised, Reply

LIMITS = Limits(exercise_seconds=2, import_seconds=1, submission_seconds=10)
ONE, TWO = "def one(x):\n    return 1\n", "LIST = []\n\ndef two(x):\n    LIST.append(x)\n    return len(LIST)\n"
OTHER = "COUNT = []\n\ndef count(x):\n    COUNT.append(x)\n    return len(COUNT)\n"
# What stands at the top level of a module that is right but for that, and what is said of it as a whole.
BREAKS = {
    "raises": ("1 / 0", "ZeroDivisionError"),
    "exits": ("import sys; sys.exit('done')", "SystemExit"),
    "lacks a library": ("import a_library_that_nobody_has\nONE = 1 + a_library_that_nobody_has", "ModuleNotFoundError"),
    "is not Python": ("def (", "SyntaxError"),
    "asks for input": ("input()", "EOFError"),
    "loops": ("while True: pass", "Importing m.py took longer than the 1-second limit"),
    "sleeps": ("import time; time.sleep(1000)", "Importing m.py took longer than the 1-second limit"),
    "waits for a thread": (
        "import threading\ndef loop():\n    while True: pass\n"
        "thread = threading.Thread(target=loop); thread.start(); thread.join()",
        "Importing m.py took longer than the 1-second limit",
    ),
    "ends its process": ("import os; os._exit(0)", "m.py could not be imported. Your code ended the whole program"),
    "crashes": (
        "import os; os.abort()",
        "m.py could not be imported. The program that ran your code was ended by signal 6",
    ),
}
of_every_break = pytest.mark.parametrize("line", [line for line, _ in BREAKS.values()], ids=list(BREAKS))


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote(Isolation(), LIMITS) as running:
        yield running


@contextmanager
def talking(zygote: Zygote, **sources: str) -> Iterator[Session]:
    session = Session(zygote, sources, LIMITS)
    yield session
    session.close()


def outcome(session: Session, function: str, module: str = "m", **alone: str) -> Reply | Raised | str:
    """What comes of an exercise of one call; the reason where it is none."""
    session.begin("cpu", alone)
    return asked(session, function, module)


def asked(session: Session, function: str, module: str = "m") -> Reply | Raised | str:
    try:
        return session.send(Call(module, function, (0,)))().outcome
    except ChildEnded as ended:
        return str(ended)


def values(found: Mapping[str, Reply | Raised | str]) -> dict[str, object]:
    return {name: each.value if isinstance(each, Reply) else each for name, each in found.items()}


@of_every_break
def test_each_exercise_is_run_from_what_it_reaches_and_the_other_module_as_it_is(zygote: Zygote, line: str) -> None:
    with talking(zygote, m=f"{ONE}{TWO}{line}\n", other=OTHER) as session:
        found = {
            "one": outcome(session, "one", m=ONE),
            "two": outcome(session, "two", m=TWO),
            "count": outcome(session, "count", "other", other="raise RuntimeError\n"),
        }
        assert values(found) == {"one": 1, "two": 1, "count": 1}


@of_every_break
def test_a_module_that_takes_the_broken_one_in_is_tried_and_then_built_for_each_exercise(
    zygote: Zygote, line: str
) -> None:
    uses = "from m import one\n\ndef three(x):\n    return one(x) + 2\n"
    with talking(zygote, m=f"{ONE}{line}\n", uses=uses, other=OTHER) as session:
        found = {
            "one": outcome(session, "one", m=ONE),
            "three": outcome(session, "three", "uses", m=ONE, uses=uses),
            "count": outcome(session, "count", "other"),
        }
        assert values(found) == {"one": 1, "three": 3, "count": 1}


@pytest.mark.parametrize(("line", "says"), BREAKS.values(), ids=list(BREAKS))
def test_where_an_exercise_has_nothing_of_its_own_the_reason_is_told_each_time_and_the_module_tried_once(
    zygote: Zygote, line: str, says: str
) -> None:
    with talking(zygote, m=f"{ONE}{line}\n", other=OTHER) as session:
        first, second = outcome(session, "one"), outcome(session, "one")
        left = session._budget.seconds
        assert outcome(session, "one") == first == second
        assert session._budget.seconds == left, "it was tried again"
        assert (
            says in (first if isinstance(first, str) else f"{first.type_name}") if not isinstance(first, Reply) else 0
        )
        assert values({"count": outcome(session, "count", "other")}) == {"count": 1}


def test_what_a_slow_import_is_told_names_the_file_and_what_to_do(zygote: Zygote) -> None:
    with talking(zygote, m="while True: pass\n") as session:
        said = outcome(session, "one")
        assert said == (
            "Importing m.py took longer than the 1-second limit. Move slow code, such as training and plots, "
            'out of the top level of the file: into functions, or below `if __name__ == "__main__":`.'
        )


def test_the_time_of_an_import_is_not_the_exercises(zygote: Zygote) -> None:
    slow = "import time\ntime.sleep(0.8)\n\ndef slow(x):\n    time.sleep(1.5)\n    return 5\n"
    with talking(zygote, m=slow) as session:
        assert values({"slow": outcome(session, "slow")}) == {"slow": 5}
        assert session._budget.seconds <= LIMITS.submission_seconds - 2.3, "but it is the submission's"


@pytest.mark.slow
def test_an_exercise_whose_own_definitions_hang_costs_the_next_ones_little(zygote: Zygote) -> None:
    hangs = "while True: pass\n"
    with talking(zygote, m=hangs) as session:
        found = [outcome(session, "one", m=f"{hangs}{ONE}") for _ in range(3)]
        assert all(
            "Defining what this exercise needs took longer than the 1-second limit" in str(each) for each in found
        )
        session._limits = replace(LIMITS, import_seconds=1000.0)
        assert "took longer than the 1-second limit" in str(outcome(session, "one", m=f"{hangs}{ONE}")), (
            "not the full time again"
        )
        assert values({"one": outcome(session, "one", m=ONE)}) == {"one": 1}


def test_what_is_run_alone_at_once_is_built_afresh_for_each_exercise_in_one_process(zygote: Zygote) -> None:
    with talking(zygote, m="raise RuntimeError('never run')\n") as session:
        processes, found = [], []
        for number in range(3):
            session.begin(
                "cpu",
                {"m": f"VALUE{number} = {number}\n{TWO}\ndef sees(x):\n    return sorted(globals())\n"},
                whole=False,
            )
            assert session.is_alone
            found.append([asked(session, "two"), asked(session, "two"), asked(session, "sees")])
            processes.append(session._child)
        assert [[each.value for each in three[:2] if isinstance(each, Reply)] for three in found] == [[1, 2]] * 3
        names = [three[2].value for three in found if isinstance(three[2], Reply)]
        assert [[name for name in each if name.startswith("VALUE")] for each in names] == [
            ["VALUE0"],
            ["VALUE1"],
            ["VALUE2"],
        ]
        assert processes[0] is processes[1] is processes[2] is not None


def test_lines_of_an_exception_are_those_of_what_was_run(zygote: Zygote) -> None:
    with talking(zygote, m="1 / 0\n") as session:
        for before in (1, 7):
            outcome(session, "one", m=ONE)
            raised = outcome(session, "bad", m="\n" * before + "def bad(x):\n    return x / 0\n")
            assert isinstance(raised, Raised)
            assert [place.line for place in raised.where] == [before + 2]


@pytest.mark.parametrize(
    "left_behind",
    [
        "import sys\nsys.meta_path.insert(0, None)\n",
        "import sys\nsys.modules = None\n",
        "import sys\n\nclass Slow:\n    def __del__(self):\n        while True: pass\n\nsys.modules['m'].slow = Slow()\n",
        "import threading\n\ndef loop():\n    while True: pass\n\nthreading.Thread(target=loop, daemon=True).start()\n",
        "import os\nos.closerange(0, 3)\n",
    ],
)
def test_a_process_that_can_not_begin_anew_is_replaced(zygote: Zygote, left_behind: str) -> None:
    with talking(zygote, m="1 / 0\n") as session:
        outcome(session, "one", m=f"{ONE}{left_behind}")
        assert values({"two": outcome(session, "two", m=TWO)}) == {"two": 1}
