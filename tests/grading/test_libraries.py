"""Libraries that submissions import: loaded once for all children, or by a child on nobody's time, or done without."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.core.assignment import Limits
from grader.grading import session as sessions
from grader.grading.session import Session
from grader.reading.reader import imports_of
from grader.sandbox.host.machine import Isolation, choose_isolation
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.protocol.messages import Call, Raised

LIMITS = Limits(exercise_seconds=60, submission_seconds=120)
# Stand for libraries of every kind: each is installed for a while.
_MADE = {
    "graderlib_plain": "import os, sys\nWHERE = os.getpid()\nHOME = os.environ['HOME']\n",
    "graderlib_thread": "import os, threading, time\nWHERE = os.getpid()\n"
    "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n",
    "graderlib_ends": "import os\nos._exit(0)\n",
    "graderlib_fails": "raise ValueError('not on this machine')\n",
    "graderlib_exits": "raise SystemExit(3)\n",
}


@pytest.fixture(scope="module")
def installed() -> Iterator[None]:
    place = Path(sysconfig.get_path("purelib"))
    for name, text in _MADE.items():
        (place / name).mkdir(exist_ok=True)
        (place / name / "__init__.py").write_text(text, encoding="utf-8")
        (place / name / "inner.py").write_text("import os\nWHERE = os.getpid()\n", encoding="utf-8")
    yield
    for name in _MADE:
        shutil.rmtree(place / name)


@pytest.fixture(scope="module")
def zygote(installed: None) -> Iterator[Zygote]:
    isolation: Isolation = choose_isolation(None)[0]
    with Zygote(isolation, LIMITS) as running:
        yield running


def outcome(zygote: Zygote, text: str, *, load: bool = True) -> object:
    """What `f` of a module gives, or the exception that came out of it."""
    imports = imports_of(text)
    if load:
        zygote.load(imports)
    session = Session(zygote, {"m": text}, LIMITS, imports=imports)
    session.begin("cpu")
    try:
        came = session.send(Call("m", "f", ()))().outcome
    finally:
        session.close()
    return came if isinstance(came, Raised) else came.value


def test_it_is_loaded_before_the_fork_where_that_can_be_done(zygote: Zygote) -> None:
    text = """
import os, sys
LOADED = [name for name in ("graderlib_plain", "graderlib_plain.inner") if name in sys.modules]
import graderlib_plain.inner
def f():
    return [LOADED, graderlib_plain.WHERE == os.getpid(), graderlib_plain.HOME == os.environ["HOME"]]
"""
    assert outcome(zygote, text) == [["graderlib_plain", "graderlib_plain.inner"], False, False]


def test_one_that_leaves_a_thread_is_loaded_by_each_child_before_the_module(zygote: Zygote) -> None:
    text = """
import os, sys
LOADED = "graderlib_thread" in sys.modules
import graderlib_thread
def f():
    return [LOADED, graderlib_thread.WHERE == os.getpid()]
"""
    assert outcome(zygote, text) == [True, True]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("graderlib_ends", "graderlib_ends ends the program when it is imported"),
        ("graderlib_fails", "graderlib_fails can't be imported where this is graded (ValueError: not on this machine)"),
        ("graderlib_nowhere", "graderlib_nowhere is not installed where this is graded"),
    ],
)
def test_one_that_can_not_be_had_costs_what_uses_it(zygote: Zygote, name: str, why: str) -> None:
    assert outcome(zygote, f"import {name}\ndef f():\n    return 7\n") == 7
    used = outcome(zygote, f"import {name}\ndef f():\n    return {name}.x\n")
    assert isinstance(used, Raised)
    assert why in used.message


def test_one_that_takes_too_long_is_named(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "LOAD_SECONDS", 0.0)
    used = outcome(zygote, "import graderlib_thread\ndef f():\n    return graderlib_thread.x\n")
    assert isinstance(used, Raised)
    assert used.message == "graderlib_thread takes too long to import where this is graded"


@pytest.mark.parametrize(
    "name", ["antigravity", "this", "os", "grader.sandbox.inside.worker", "tests", "graderlib_plain._own"]
)
def test_what_is_no_library_is_not_loaded(zygote: Zygote, name: str) -> None:
    text = f"import sys\nLOADED = {name!r} in sys.modules\ndef f():\n    return LOADED\n"
    before = outcome(zygote, text, load=False)
    zygote.load([name])
    assert outcome(zygote, text, load=False) == before


def test_matplotlib_is_there_and_draws(zygote: Zygote) -> None:
    pytest.importorskip("matplotlib")
    text = """
import os, sys
LOADED = "matplotlib.pyplot" in sys.modules
import matplotlib.pyplot as plt
plt.style.use("ggplot")
plt.plot([1, 2])
plt.title("a title")
plt.savefig("drawn.png")
plt.show()
def f():
    return [LOADED, os.path.getsize("drawn.png") > 1000, plt.get_backend().lower()]
"""
    assert outcome(zygote, text) == [True, True, "agg"]


@pytest.mark.slow
def test_what_was_loaded_is_there_after_a_restart(zygote: Zygote) -> None:
    zygote.load(["graderlib_plain"])
    zygote.restart()
    text = "import sys\nLOADED = 'graderlib_plain' in sys.modules\ndef f():\n    return LOADED\n"
    assert outcome(zygote, text, load=False) is True


def test_what_a_text_imports() -> None:
    text = """
import a, b.c as d
from e.f import g, h as i
from . import own
from j import *
if True:
    try:
        import k
    except ImportError:
        import l
def m():
    from n import o
"""
    assert imports_of(text) == ("a", "b.c", "e.f", "e.f.g", "e.f.h", "j", "k", "l", "n", "n.o")
    assert imports_of("def f(:") == ()
    assert len(imports_of("\n".join(f"import m{number}" for number in range(5000)))) == 200
