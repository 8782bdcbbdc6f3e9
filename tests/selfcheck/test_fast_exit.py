"""Which ends of pytest may be left at once."""

from __future__ import annotations

import pytest

from grader.selfcheck.fast_exit import ORDINARY_ENDS


def test_the_numbers_are_those_of_pytest_s_ordinary_ends() -> None:
    assert ORDINARY_ENDS == (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
