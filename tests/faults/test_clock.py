"""A clock that is set while a class is graded costs nobody time, and gives nobody any."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import grader
from tests.faults.gradings import Place

pytestmark = pytest.mark.slow

JUMPS = """
import random, time

exact = time.time
time.time = lambda: exact() + random.choice((-1, 1)) * random.uniform(0, 1e7)
time.time_ns = lambda: int(time.time() * 1e9)
with open({log!r}, "a") as log:
    log.write("jumping\\n")
"""
# The clock of the main process, and of the template, from which all others come.
PROGRAM = """
import sys

jumps = {jumps!r}
exec(jumps)

from grader.cli import main
from grader.sandbox.host import template_client

template_client.START = jumps + template_client.START
if __name__ == "__main__":
    sys.exit(main())
"""


@pytest.mark.soak
def test_a_clock_that_jumps_by_months_changes_no_result(
    place: Place, same: Callable[[Path], None], tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(jumps=JUMPS.format(log=str(tmp_path / "jumps"))))
    settings: dict[str, Any] = {"program": [str(program)], "environment": {"PYTHONPATH": str(place.root)}}
    code, text = place.run(tmp_path / "out", "--seed", 5, **settings)
    assert code == 0, text
    assert (tmp_path / "jumps").read_text() == 2 * "jumping\n"
    same(tmp_path / "out")


def clocks(tree: ast.Module) -> Iterator[str]:
    """The clocks that a module reads and that can be set."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("time.time", "time.time_ns", "datetime.now", "datetime.datetime.now", "date.today"):
                yield called


def test_no_limit_is_measured_by_a_clock_that_can_be_set() -> None:
    package = Path(grader.__file__).parent
    found = {
        str(path.relative_to(package)): list(clocks(ast.parse(path.read_text(encoding="utf-8"))))
        for path in sorted(package.rglob("*.py"))
    }
    # When a batch began, when a person decided, how old a control group is that a killed run left, and whether a time
    # that a table or a roster gives is still to come.
    assert {path for path, called in found.items() if called} == {
        "cli/decision_target.py",
        "collecting/collected_table.py",
        "results/export/roster.py",
        "sandbox/host/cgroup.py",
        "results/store.py",
    }
