"""Whoever does not use nbgrader need not have it, and waits for it nowhere."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.nbgrader.course import ROOT

pytestmark = pytest.mark.slow


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_no_other_command_imports_it() -> None:
    run = python("import sys; from grader.cli import main; main(['check']); assert 'nbgrader' not in sys.modules")
    assert run.returncode == 0, run.stderr


def test_where_it_is_missing_the_command_says_so() -> None:
    run = python(
        "import sys; sys.modules['nbgrader'] = None; from grader.cli import main;"
        " sys.exit(main(['nbgrader', 'course', '--out', 'results/nowhere']))"
    )
    assert run.returncode == 2
    assert "This needs nbgrader, which is not installed here" in run.stderr
    assert "Traceback" not in run.stderr
