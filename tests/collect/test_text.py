"""The bytes of a module, as Python itself would read them."""

from __future__ import annotations

import pytest

from grader.grading.submission import Unread


@pytest.fixture
def given(tmp_path, read):
    """The text of a module that has these bytes, or the sentence that says why it has none."""
    folder = tmp_path / "ada"
    folder.mkdir()

    def _given(data: bytes) -> str:
        (folder / "from_scratch.py").write_bytes(data)
        answer = read(folder)
        if isinstance(answer, Unread):
            return answer.note
        module = answer.reading.modules.get("from_scratch")
        return module.text if module else answer.reading.problems["from_scratch"]

    return _given


def test_utf8_is_read_with_and_without_a_byte_order_mark(given):
    assert given("s = 'é'\n".encode()) == "s = 'é'\n"
    assert given(b"\xef\xbb\xbf" + "s = 'é'\n".encode()) == "s = 'é'\n"


def test_line_ends_of_every_system_become_one_kind(given):
    assert given(b"a\r\nb\rc\n") == "a\nb\nc\n"


def test_an_empty_module_is_a_module(given):
    assert given(b"") == ""


def test_tabs_and_syntax_errors_are_not_looked_at(given):
    assert given(b"def f(:\n\t  x\n        y\n") == "def f(:\n\t  x\n        y\n"


def test_latin1_without_a_cookie_is_told_with_its_line(given):
    said = given("a = 1\nb = 2\n\n\ns = 'é'\n".encode("latin-1"))
    assert said.startswith("from_scratch.py is not valid utf-8 text: line 5 holds 0xe9.")
    assert given("s = 'é'\n".encode("latin-1")).startswith("from_scratch.py is not valid utf-8 text: line 1 holds 0xe9")


def test_latin1_with_a_cookie_is_read(given):
    assert given("# -*- coding: latin-1 -*-\n\ns = 'é'\n".encode("latin-1")).endswith("s = 'é'\n")


@pytest.mark.parametrize("cookie", ["klingon", "rot13", "undefined", "base64", "punycode"])
def test_an_encoding_that_is_none_is_told(given, cookie):
    said = given(f"# coding: {cookie}\nx = '\\xff-~'\n".encode())
    assert "Save it as UTF-8" in said


def test_a_byte_order_mark_against_the_cookie_is_told(given):
    assert "encoding that can't be used" in given(b"\xef\xbb\xbf# coding: latin-1\n")


def test_utf16_is_told_by_its_name(given):
    assert "saved as UTF-16" in given("x = 1\n".encode("utf-16"))


def test_nul_bytes_are_told_with_their_line(given):
    assert "has a NUL byte in line 2" in given(b"x = 1\ny = '\0'\n")
    assert "has a NUL byte in line 2" in given(b"# coding: unicode_escape\n'\\x00'\n")


def test_half_a_character_that_a_codec_lets_through_is_told(given):
    assert "lone surrogate" in given(b"# coding: unicode_escape\n'\\ud800'\n")
    assert "lone surrogate" in given(b"# coding: utf-7\n'+2AA-'\n")


def test_what_a_codec_warns_of_is_no_concern_of_ours(given):
    assert given(b"# coding: unicode_escape\n'\\q'\n").endswith("'\\q'\n")
