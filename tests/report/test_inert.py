"""Text that is inert: it can be put on a page or a terminal, and is as long as it looks."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.sanitize import sanitized

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m\x07\x00\x7f", "\\x1b[31m\\x07\\x00\\x7f"),
        ("\x9b31m\x85", "\\x9b31m\\x85"),
        ("\u202ea\u2066b\u200b\u2028", "\\u202ea\\u2066b\\u200b\\u2028"),
        ("\ud800\U000e0041\ue000", "\\ud800\\U000e0041\\ue000"),
        ("\u3164\u2800\uffa0", "\\u3164\\u2800\\uffa0"),
        ("a\tb\nc\r", "a    b c\\x0d"),
    ],
)
def test_what_steers_reorders_or_hides_is_spelled_out(text: str, shown: str) -> None:
    assert sanitized(text) == shown


@pytest.mark.parametrize(
    "text", ["Zoë", "Zoe\u0308", "Việt", "שָׁלוֹם", "हिन्दी", "ภาษาไทยที่", "❤️", "李", "e\u0301\u0323\u0302\u0308", "x = [1]"]
)
def test_letters_of_every_script_stay_as_they_are(text: str) -> None:
    assert sanitized(text) == text


def test_towers_of_marks_are_cut_down() -> None:
    assert sanitized("Z" + "\u0301" * 6 + "a\u0301") == "Z\u0301\u0301\u0301\u0301\\u0301\\u0301a\u0301"


def test_only_the_beginning_of_a_very_long_text_is_looked_at() -> None:
    class Long(str):
        def __getitem__(self, part):
            assert part == slice(None, 501)
            return str.__getitem__(self, part)

        def __str__(self):
            return self

    assert sanitized(Long("\x1b" * 10_000_000)).endswith("…")


@given(ANY_TEXT, st.integers(2, 50), st.booleans())
def test_nothing_live_is_left_of_any_text_and_it_is_no_longer_than_asked(text: str, limit: int, lines: bool) -> None:
    shown = sanitized(text, limit, lines=lines)
    assert len(shown) <= limit
    assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} or c == "\n" for c in shown)
    assert lines or "\n" not in shown
    assert sanitized(shown, limit, lines=lines) == shown
