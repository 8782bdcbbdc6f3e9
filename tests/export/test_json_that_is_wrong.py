"""JSON that our autograder finds in Gradescope's container: whatever is wrong with it is told in our words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.core.errors import ExportError
from grader.results.export.autograder_run import read_metadata
from grader.results.export.deployments import SETTINGS_FILE, Settings, read_settings

# Words of the library that reads it, which are for those who write programs.
LIBRARY = re.compile(r"Input should|validation error|pydantic|Extra inputs|input_type|type=|permitted|Traceback", re.I)
RIGHT: dict[str, Any] = Settings(assignment="sums", variants={"ada@uni.example": "a"}).model_dump()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
)
QUIET = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refused(folder: Path, text: str | bytes) -> str:
    path = folder / SETTINGS_FILE
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ExportError) as caught:
        read_settings(folder)
    said = str(caught.value)
    assert not LIBRARY.search(said), said
    assert said.startswith(str(path))
    assert said.endswith("Make the archive again, with `export gradescope-autograder`.")
    assert len(said) < 1500
    assert said.isprintable()
    return said


@QUIET
@given(st.sampled_from([*RIGHT, "Visibility", "visibilty", "roster", ""]), VALUES)
def test_a_value_or_a_key_that_is_wrong_is_named_with_what_was_expected_and_found(
    tmp_path: Path, key: str, value: object
) -> None:
    text = json.dumps({**RIGHT, key: value})
    try:
        Settings.model_validate_json(text)
    except ValueError:
        said = refused(tmp_path, text)
        assert f'"{key}' in said
        assert "expected" in said or "must be" in said
        assert "found" in said or "unknown key" in said
    else:
        assert key in RIGHT


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"assignment": "sums", "visibilty": "hidden"}', 'unknown key "visibilty": expected assignment, visibility,'),
        ('{"assignment": "sums", "visibilty": "hidden"}', 'Did you mean "visibility"?'),
        ('{"trusted": true}', 'the key "assignment" is missing: expected a text, the id of an assignment.'),
        ('{"assignment": "sums", "trusted": "yes"}', '"trusted" must be true or false, found "yes".'),
        ('{"assignment": "sums", "visibility": "seen"}', '"visibility" must be one of visible, after_due_date,'),
        ('{"assignment": "sums", "variants": {"a@b.c": 7}}', '"variants.a@b.c" must be an object: the variant of each'),
        (
            '{"assignment": "sums", "variants": []}',
            "an object: the variant of each e-mail address, as a text, found an",
        ),
        ("[]", "expected an object with the keys assignment, visibility, trusted, variants, found an array."),
        ("{\n'x'}", "expected JSON, found what is none, at line 2 column 1."),
        (b"", "expected JSON, found what is none"),
        (b"\xff\xfe", "expected JSON, found what is none"),
        ("[" * 100_000, "expected JSON, found what is none"),
        ('{"a\x1b": 1}'.replace("\x1b", "\\u001b"), 'unknown key "a\\x1b"'),
        ('{"assignment": "s", ' + ", ".join(f'"k{n}": 1' for n in range(30)) + "}", "… and 25 more."),
    ],
    ids=lambda each: str(each)[:30],
)
def test_settings_that_are_wrong_are_told_in_plain_words(tmp_path: Path, text: str | bytes, told: str) -> None:
    assert told in refused(tmp_path, text)


def test_settings_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(
        ExportError, match=r"autograder\.json can.t be read: No such file or directory\. Make the archive"
    ):
        read_settings(tmp_path)


@QUIET
@given(st.sampled_from(["created_at", "assignment", "users"]), VALUES, st.booleans())
def test_metadata_that_is_not_as_documented_is_told_with_its_place(
    tmp_path: Path, key: str, value: object, is_deep: bool
) -> None:
    path = tmp_path / "submission_metadata.json"
    deep = {"assignment": {"due_date": value}, "users": [{"email": value}], "created_at": value}[key]
    path.write_text(json.dumps({key: deep if is_deep else value}))
    _, note = read_metadata(path)
    if note:
        assert not LIBRARY.search(note), note
        assert note.startswith(f'{path.name}: "{key}')
        assert " must be " in note
        assert ", found " in note
        assert note.isprintable()
        assert note.endswith("Lateness is ignored; have it graded again, or grade it at home.")
