"""No limit on time breaks off the import of a library: nothing that uses it would work in the same process again."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from textwrap import dedent
from unittest.mock import MagicMock

import pytest

from grader.grading.local_run import Alarm
from grader.selfcheck import time_limits
from grader.selfcheck.time_limits import ATTEMPTS, REPEAT_SECONDS, TimeLimit, TookTooLong

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 1.0  # seconds; whoever has to wait for a processor is not to be late for that alone
Limited = Callable[[], AbstractContextManager[None]]


def never() -> None:
    raise AssertionError("it could be stopped")


@pytest.fixture(params=["wall time", pytest.param("CPU time", marks=pytest.mark.slow)])
def limited(request: pytest.FixtureRequest) -> Iterator[Limited]:
    limit = TimeLimit(LIMIT, never)
    yield limit.running if request.param == "wall time" else Alarm(LIMIT).running
    limit.end()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Writes a package whose import computes for so many seconds; its parts need one another, as torch's compiler's."""

    def write(seconds: float, folder: str = "site-packages") -> str:
        package = tmp_path / folder / "slow_package"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(
            "import sys\nfrom .part import value\nfrom . import slow\nagain = sys.modules[__name__].part.value\n"
        )
        (package / "part.py").write_text("value = 3\n")
        (package / "slow.py").write_text(
            f"import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end:\n    pass\n"
        )
        monkeypatch.syspath_prepend(package.parent)
        return package.name

    yield write
    for name in [name for name in sys.modules if name.partition(".")[0] == "slow_package"]:
        del sys.modules[name]


def compute(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long an import takes on a busy machine."""
    monkeypatch.setattr(time_limits, "_PATIENCE", 1000)


@pytest.mark.usefixtures("patient")
def test_a_slow_library_is_imported_whole_and_the_call_has_its_time_after_that(
    limited: Limited, package: Callable[..., str]
) -> None:
    name = package(1.3 * LIMIT)
    with limited():
        assert importlib.import_module(name).again == 3
        compute(2 * REPEAT_SECONDS)


def test_an_import_that_takes_longer_than_all_attempts_to_stop_a_call_is_not_given_up(
    package: Callable[..., str], patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_limits, "REPEAT_SECONDS", 0.02)
    limit = TimeLimit(0.1, gave_up := MagicMock())
    with limit.running():
        importlib.import_module(package(2 * ATTEMPTS * 0.02 + 0.1))
    limit.end()
    gave_up.assert_not_called()


@pytest.mark.slow
@pytest.mark.usefixtures("patient")
def test_what_runs_after_the_import_is_still_limited(limited: Limited, package: Callable[..., str]) -> None:
    name = package(1.3 * LIMIT)
    with pytest.raises(TookTooLong), limited():
        compute(importlib.import_module(name).again * 20)
    assert importlib.import_module(name).again == 3


@pytest.mark.slow
def test_an_import_without_end_is_broken_off_after_all(
    limited: Limited, package: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_limits, "_PATIENCE", 1)
    name = package(60)
    with pytest.raises(TookTooLong), limited():
        importlib.import_module(name)


def test_a_learners_own_module_is_interrupted_at_once(limited: Limited, package: Callable[..., str]) -> None:
    name = package(3 * LIMIT, folder="exercises")
    begun = time.process_time()
    with pytest.raises(TookTooLong), limited():
        importlib.import_module(name)
    assert time.process_time() - begun < 3 * LIMIT


@pytest.mark.slow
def test_the_first_optimizer_of_a_process_may_take_longer_than_its_call() -> None:
    """Making it imports torch's compiler: 800 modules."""
    code = """
        from grader.grading.local_run import answers
        from grader.sandbox.protocol.messages import Call, Reply
        from grader.selfcheck import time_limits
        time_limits._PATIENCE = 1000  # however slow the machine is
        source = "import torch\\ndef made(): return torch.optim.SGD([torch.ones(2)], 0.1).defaults['lr']"
        for _ in range(2):
            (found,) = answers([Call("lesson", "made", ())], {"lesson": source}, seconds=0.3)
            print(found and isinstance(found[0], Reply))
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.stdout.split() == ["True", "True"], done.stderr[-2000:]
