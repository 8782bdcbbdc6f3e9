"""Notebooks within all limits of size that were made to keep whoever reads them busy, for seconds or for ever.

Reading has limits, but a learner should not run into them, nor the others wait for them: all stay near the time that
parsing takes.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import time

import pytest

from grader.core.records import SubmissionStatus
from grader.grading.collect import gather
from grader.grading.submission import Entry, Unread
from grader.reading.reader import ReadRequest, read_request

pytestmark = pytest.mark.soak

SIZE = 190_000  # just below module_bytes
SECONDS = 8.0  # the slowest takes less than 2 on an idle machine
MEMORY = 2 << 30
MODEL = "def model(x, w, b):\n    return a0\n"


def repeated(piece: str, size: int = SIZE) -> str:
    return "".join(piece.replace("#", str(i)) for i in range(size // len(piece)))


def nested_finally(levels: int) -> str:
    blocks = "".join(" " * k + "try:a=1\n" + " " * k + "finally:\n" for k in range(levels))
    return blocks + " " * levels + "b=1\n"


HOSTILE: dict[str, list[str]] = {
    "one definition, again and again": [repeated("model=model\n")],
    "one definition, wrapped again and again": ["f = len\n" + repeated("model=f(model)\n", 150_000)],
    "many exercises in one assignment": [repeated("mse=model=train=fit=predict=mse\n")],
    "a long chain of needs": ["".join(f"a{i}=a{i + 1}\n" for i in range(4_990)), MODEL],
    "each name bound everywhere": [
        repeated(",".join(f"f{i}" for i in range(300)) + "=1\n"),
        "def model(x, w, b): return " + ",".join(f"f{i}" for i in range(300)),
    ],
    "long chains of attributes": [repeated("x=f" + ".a" * 900 + "\n")],
    "a long name for a short one": ["import " + "b" * 60_000 + " as f\n", "x=[" + "f.a," * 34_000 + "]"],
    "a name of very many parts": ["import " + "b." * 94_000 + "c as f\n"],
    "a name of very many parts, spread out": ["import " + "b. \\\n" * 30_000 + "c as f\n"],
    "many short lines of many parts": [repeated(".a" * 999 + "+")],
    "finally in finally": [nested_finally(18)],
    "finally in finally, often": [repeated(nested_finally(5))],
    "many ways out through one finally": [
        "def f():\n while 1:\n  try:\n" + "   break\n" * 8_000 + "  finally:\n" + "   a=1\n" * 15_000
    ],
    "what the compiler folds": ["x=(((((1,)*200,)*200,)*200,)*200,)*200\n" * 4_800],
    "many helpers that call all": [repeated("def f#():mse,model,train\n", 120_000), MODEL],
    "many cells": ["def f():mse"] * 4_999,
    "many broken cells": ["def f(:"] * 4_999,
    "many magics": ["%x\npass\n" * 23_000],
    "many statements": ["x=1;" * 47_000],
    "many broken definitions in one cell": [repeated("def f#(:\n", 120_000)],
    "brackets that are never closed": [repeated("x# = (1,\n", 120_000)],
    "texts that are never closed": [repeated("def f#():\n \"\"\"text\n  return '''\n", 150_000)],
    "a definition that goes on behind many lines": ["x = (\n" + "\na\n" * 60_000 + "b c)\n"],
    "one name changed by all": [repeated("mse += model\n", 60_000), "def mse(a, b): return mse + model\n"],
    "names that all change and need each other": [repeated("a#.b[a#] = a\na += a#\n", 90_000), MODEL],
    "a long chain of what is not run": ["a0=mse(1)\n" + "".join(f"a{i + 1}=a{i}\n" for i in range(4_000)), MODEL],
    "helpers that call each other": [
        "".join(f"def f{i}(): f{i + 1}(), f{i // 2}()\n" for i in range(4_000)) + "a0 = f0()\n",
        MODEL,
    ],
    "functions in functions that call each other": [
        "def f():\n" + "".join(f" def g{i}(): g{i + 1}()\n" for i in range(5_000)) + " g0()\na0 = f()\n",
        MODEL,
    ],
    "blocks in blocks": [
        "".join(" " * k + "if a:\n" + " " * (k + 1) + f"mse(a{k})\n" for k in range(90)) * 10,
        "a0 = 1\n" + MODEL,
    ],
    "many statements in one block": ["if a:\n" + " a0 = mse(a0)\n" * 14_000, MODEL],
    "very many names imported at once": ["import " + ",".join(f"a{i}" for i in range(20_000)) + "\n" + MODEL],
    "many cells that write the same file": ["%%writefile from_scratch.py\na0 = 1"] * 4_000 + [MODEL],
    "a definition between very many lines": ["\n" * 100_000 + MODEL + "\n" * 80_000],
    "long lines of statements": ["'" + "é" * 90_000 + "';" + "x=1;" * 20_000],
}


def read_apart(path, assignment, answers) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    gathered = gather(Entry("ada", path), assignment.limits)
    assert not isinstance(gathered, Unread)
    request = ReadRequest(path.name, gathered.is_folder, gathered.files, assignment)
    began = time.process_time()
    answer = read_request(
        request
    )  # what is asked of the sources besides has a limit of its own, and can be done without
    answers.send((answer.not_read.sentence if answer.not_read else "", time.process_time() - began))


@pytest.mark.parametrize("harm", HOSTILE)
def test_no_notebook_keeps_its_reader_busy(tmp_path, assignment, harm):
    assert sum(len(text) for text in HOSTILE[harm]) <= 200_000
    path = tmp_path / "ada.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": text} for text in HOSTILE[harm]]}))
    ours, theirs = multiprocessing.Pipe(duplex=False)
    reader = multiprocessing.get_context("fork").Process(target=read_apart, args=(path, assignment, theirs))
    reader.start()
    theirs.close()
    note, seconds = ours.recv()  # EOFError when it was ended for its time or memory
    reader.join()
    assert seconds < SECONDS
    assert note == "" or note.endswith("Hand in only your own work.") or note.startswith("ada.ipynb defines none of ")


def test_too_many_statements_are_refused_with_their_place(noted, read):
    answer = read(noted("x = 1", "x = 1\n" * 5_000))
    assert answer.status == SubmissionStatus.REFUSED
    assert answer.note == (
        "The notebook holds more than 5,000 statements outside of functions, the limit: cell 2, line 5000 is above it. "
        "Hand in only your own work."
    )
    assert not isinstance(read(noted("def model(x, w, b): return x", "x = 1\n" * 4_999)), Unread)


def test_ordinary_finally_blocks_are_kept(build):
    code = "def model(x, w, b):\n    try:\n        return x\n    finally:\n        try:\n            b()\n        finally:\n            w()"
    assert code in build(code).text()


def test_finally_blocks_that_would_never_compile_cost_one_exercise(build):
    harm = "def mse(a, b):\n" + "".join(f" {line}\n" for line in nested_finally(18).splitlines())
    built = build("def model(x, w, b): return 7", harm)
    assert built.run()["model"](0, 0, 0) == 7
    with pytest.raises(SyntaxError, match="cell 2, line 1: too many nested finally blocks"):
        built.run()["mse"](0, 0)


def test_a_name_that_the_parser_would_choke_on_costs_one_cell_and_in_a_module_is_a_problem(build, tmp_path, read):
    harm = "import " + "a." * 1_001 + "b as c\n"
    built = build("def model(x, w, b): return 7", "y = 1\ndef mse(a, b):\n  " + harm + "def train(): return 1\n")
    assert built.run()["model"](0, 0, 0) == 7
    assert built.run()["train"]() == 1
    assert "cell 2, line 3: a name with too many dots" in built.text()
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "from_scratch.py").write_text("y = 1\n" + harm)
    assert read(tmp_path / "bob").note == (
        "from_scratch.py has a name with too many dots in line 2. Shorten it and hand it in again."
    )
