"""Notebooks that are old, damaged or made to do harm."""

from __future__ import annotations

import json
import time
from typing import Any

import nbformat
import pytest

from grader.core.records import SubmissionStatus
from grader.grading.submission import Submission, Unread

CODE = "def model(x, w, b):\n    return x * w + b"


@pytest.fixture
def given(tmp_path, read):
    """What is read from a notebook file with this content."""

    def _given(content: object):
        path = tmp_path / "ada.ipynb"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return read(path)

    return _given


def cell(text: object = CODE, **more: object) -> dict[str, object]:
    return {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None, **more}


def notebook(*cells: object, **more: object) -> dict[str, object]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def is_unreadable(answer, words: str) -> bool:
    return isinstance(answer, Unread) and answer.status == SubmissionStatus.UNREADABLE and words in answer.note


def has_model(answer) -> bool:
    return isinstance(answer, Submission) and CODE in answer.reading.modules["from_scratch"].text


def test_a_notebook_of_format_3_is_read(tmp_path, read):
    v3 = nbformat.v3
    cells = [v3.new_heading_cell("Hello"), v3.new_code_cell(CODE), v3.new_heading_cell("PyTorch's own parts"),
             v3.new_code_cell("model = nn.Linear(3, 2)")]  # fmt: skip
    path = tmp_path / "ada.ipynb"
    path.write_text(v3.writes_json(v3.new_notebook(worksheets=[v3.new_worksheet(cells=cells)])))
    answer = read(path)
    assert has_model(answer)
    assert "Linear" not in answer.reading.modules["from_scratch"].text
    assert answer.reading.modules["from_scratch"].locate(2) == "cell 2, line 2"


def test_source_may_be_a_list_of_lines_or_one_text(given):
    assert has_model(given(notebook(cell(CODE.splitlines(keepends=True)))))
    assert has_model(given(notebook(cell(CODE.replace("\n", "\r\n")))))


def test_a_byte_order_mark_is_no_hindrance(given):
    assert has_model(given(b"\xef\xbb\xbf" + json.dumps(notebook(cell())).encode()))


def test_what_jupyter_would_complain_of_is_read_all_the_same(given):
    assert has_model(given({"cells": [cell()]}))
    assert has_model(given({"cells": [{"cell_type": "code", "source": CODE}], "nbformat": 99}))
    assert has_model(given(notebook(cell(metadata=None, id=7), metadata=[], nbformat="four")))
    odd: list[object] = [None, 7, [], {}, {"cell_type": "code"}, cell(7), cell({"a": 1}), cell([1, None]),
                         cell(cell_type=[])]  # fmt: skip
    assert has_model(given(notebook(*odd, cell())))


def test_cells_that_are_left_out_still_count(given):
    answer = given(notebook(None, {"cell_type": "raw", "source": "x"}, cell()))
    assert answer.reading.modules["from_scratch"].locate(1) == "cell 3, line 1"


@pytest.mark.parametrize("tag", [None, 7, [], {}, {"grade_id": 7}, {"grade_id": ["model"]}, {"grade_id": "nothing"}])
def test_tags_that_are_odd_or_cleared_are_no_tags(given, tag):
    assert has_model(given(notebook(cell(metadata={"nbgrader": tag}))))


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b"7", b"{}", b'{"cells": 7}', b'{"cells": {}}', b'{"worksheets": 3}', b"\xff\xfe{", b"NaN",
     b"1" * 5000, b'{"a": "\xe9"}'],
)  # fmt: skip
def test_json_that_is_no_notebook_is_unreadable(given, content):
    assert is_unreadable(given(content), "ada.ipynb is not a notebook")


def test_json_that_nests_without_end_is_unreadable(given):
    assert is_unreadable(given(b"[" * 1_000_000), "damaged or cut off")
    assert is_unreadable(given(b'{"cells":' * 100_000), "damaged or cut off")


def test_every_truncation_is_unreadable(given):
    whole = json.dumps(notebook(cell())).encode()
    for end in range(0, len(whole), 5):
        assert is_unreadable(given(whole[:end]), "cut off")


def test_a_notebook_larger_than_the_limit_is_refused_unread(tmp_path, read):
    with (tmp_path / "ada.ipynb").open("wb") as file:
        file.truncate(64 << 30)
    answer = read(tmp_path / "ada.ipynb")
    assert answer.status == SubmissionStatus.REFUSED
    assert "larger than the limit of 20,000,000 bytes" in answer.note


def test_too_much_code_or_too_many_cells_are_refused(given):
    for content in (notebook(*[cell("#" * 150_000)] * 2), notebook(*[{}] * 5001)):
        assert given(content).status == SubmissionStatus.REFUSED


def test_long_outputs_and_long_texts_are_no_concern(given):
    talk = {"cell_type": "markdown", "source": "blah " * 100_000}
    assert has_model(given(notebook(talk, cell(outputs=[{"data": "x" * 1_000_000}]))))


@pytest.mark.parametrize(
    "harm",
    ["(" * 5000, "-" * 100_000 + "1", "a" + ".a" * 90_000, "1" + "+1" * 90_000, "f" + "()" * 90_000, "x = 1\0",
     "lambda:" * 20_000, "x = '\ud800'", "if a: pass\n" + "elif a: pass\n" * 10_000, "x = " + "9" * 5000, "\u2028x",
     "\f" * 1000, "def model(x, w, b):\n" + "".join(" " * i + "if x:\n" for i in range(1, 110)),
     "def \ud800(): pass", "def class(): (", "x" + "[0]" * 50_000],
)  # fmt: skip
def test_a_cell_that_python_chokes_on_does_not_spoil_the_others(given, harm):
    assert has_model(given(notebook(cell(), cell(harm))))


@pytest.mark.parametrize(
    "harm",
    ["a0=1;" * 10_000, "%x\n" * 30_000, "\\\n" * 90_000, " " * 190_000, "x = (\n" + "%d\n" * 60_000, "#\n" * 90_000,
     "\n".join(f"a{i} = a{i + 1}" for i in range(10_000)), "def " * 45_000,
     "a" * 190_000 + "??", "\t" * 190_000 + "=!"],
)  # fmt: skip
def test_a_cell_that_is_made_to_take_long_does_not(given, harm):
    began = time.process_time()
    given(notebook(cell(), cell(harm), cell("def mse(a, b): return a0")))
    assert time.process_time() - began < 10


def test_a_broken_cell_can_not_put_words_of_code_into_the_module(given):
    harm = "def mse(a, b): \u201c'); import os; os.abort() #\u202e\n"
    answer = given(notebook(cell(harm)))
    text = answer.reading.modules["from_scratch"].text
    names: dict[str, Any] = {}
    exec(compile(text, "from_scratch", "exec"), names)
    with pytest.raises(SyntaxError, match="cell 1, line 1: "):
        names["mse"](1, 2)


def test_the_digest_knows_where_the_lines_were(given):
    first = given(notebook(cell()))
    assert given(notebook(cell())).digest == first.digest
    assert given(notebook(cell("\n" + CODE))).digest != first.digest


def test_of_a_key_that_is_there_twice_the_last_counts(given):
    twice = json.dumps(notebook(cell())).replace('{"cells"', '{"cells": 7, "cells"')
    assert has_model(given(twice.encode()))


def test_a_notebook_of_a_format_that_is_not_there_yet_is_read(given):
    assert has_model(given(notebook(cell(), nbformat=5, nbformat_minor=99)))


def test_one_cell_of_all_the_bytes_there_may_be_is_refused(given):
    answer = given(notebook(cell("#" * 19_000_000)))
    assert answer.status == SubmissionStatus.REFUSED
    assert "ada.ipynb holds more than 200,000 characters of code, the limit." in answer.note


@pytest.mark.parametrize("data", ["é".encode("latin-1"), b"\0", "\ufeff{}".encode("utf-16")])
def test_bytes_that_are_no_utf8_are_unreadable(given, data):
    assert is_unreadable(given(json.dumps(notebook(cell())).encode()[:-1] + data), "is not a notebook")
