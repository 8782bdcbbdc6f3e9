"""`course.toml` is read as it is written, and every mistake in it is named in a sentence."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import grader
from grader.core.assignment import Course, find_assignment
from grader.core.errors import CourseError
from grader.course.load import load_course
from grader.course.validation import lines_of
from tests.lesson_points import TOTAL

ROOT = Path(__file__).parents[2]

SMALL = """\
[course]
id = "small-course"
name = "A small course"

[assignments.one]
title = "The first"
due = 2026-12-14T23:59:00Z

[assignments.one.late]
penalty_per_day = 0.1

[assignments.one.limits]
exercise_seconds = 5

[assignments.one.modules.basics]
title = "Basics"

[assignments.one.exercises.add]
module = "basics"
title = "Adding"
points = 2
hints = [
    "Think of two numbers.",
    "Then of their sum.",
]

[assignments.one.exercises.double]
module = "basics"
title = "Doubling"
points = 3.5
devices = ["cpu"]
needs = ["add"]
hints = ["Add a number to itself."]
"""

JARGON = re.compile(
    r"[Ii]nput should|[Ee]xtra inputs|validation|pydantic|[Ff]ield required|should have|dictionary|tuple"
)


def load(folder: Path, text: str | bytes) -> Course:
    (folder / "course.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_course(folder)


def complaint(folder: Path, text: str | bytes) -> str:
    with pytest.raises(CourseError) as caught:
        load(folder, text)
    sentences = str(caught.value)
    assert not JARGON.search(sentences)
    assert all(re.search(r"[.?]$", line) for line in sentences.split("\n"))
    return sentences


def needing(kit: str) -> str:
    return SMALL.replace('name = "A small course"\n', f'name = "A small course"\nkit = "{kit}"\n')


@pytest.mark.parametrize("kit", [">=0.1", ">=0.1,<99", f"=={grader.__version__}"])
def test_a_course_may_say_which_kit_it_needs(tmp_path: Path, kit: str) -> None:
    assert load(tmp_path, needing(kit)).kit == kit
    assert load(tmp_path, SMALL).kit is None


@pytest.mark.parametrize("rest", ["", 'colour = "blue"\n'])
def test_another_kit_refuses_a_course_before_it_misreads_it(tmp_path: Path, rest: str) -> None:
    assert complaint(tmp_path, rest + needing(">=99")) == (
        f"course.toml, line {4 + bool(rest)}: the course needs the kit in version >=99, and this is {grader.__version__}. "
        "Install one that fits, as with python -m pip install 'autograded-course-kit[grade]>=99'."
    )


def test_which_kit_is_written_as_pip_writes_versions(tmp_path: Path) -> None:
    assert complaint(tmp_path, needing("the newest")) == (
        'course.toml, line 4: "kit" in [course] must be versions of the kit, such as ">=0.1", found the text "the newest".'
    )


def test_one_of_several_assignments_may_be_the_default(tmp_path: Path) -> None:
    two = SMALL + SMALL.partition("[assignments.one]")[2].join(["[assignments.one]", ""]).replace(".one", ".two")
    with pytest.raises(CourseError, match="Say which assignment is meant"):
        find_assignment(load(tmp_path, two), None)
    with_default = two.replace("[assignments.one]", 'default = "two"\n\n[assignments.one]', 1)
    assert find_assignment(load(tmp_path, with_default), None).id == "two"
    assert find_assignment(load(tmp_path, with_default), "one").id == "one"
    assert complaint(tmp_path, with_default.replace('"two"', '"tow"')) == (
        'course.toml, line 5: "default" in [course] must be the name of an assignment ("one", "two"), found "tow". '
        'Did you mean "two"?'
    )


def problems(folder: Path, text: str) -> list[str]:
    try:
        load(folder, text)
    except CourseError as error:
        return str(error).split("\n")
    return []


def changed(old: str, new: str, text: str = SMALL) -> str:
    assert text.count(old) == 1, f"{old!r} should be in the text once"
    return text.replace(old, new)


def test_the_real_course_has_one_lesson_of_eight_exercises_worth_thirty_points():
    lesson = find_assignment(load_course(ROOT), None)
    assert lesson.id == "linear_regression"
    assert lesson.points == TOTAL
    assert [e.id for e in lesson.exercises.values() if e.module == "from_scratch"] == [
        "to_tensors",
        "model",
        "mse",
        "gradient_step",
        "train",
    ]
    assert lesson.exercises["train"].needs == ("model", "mse", "gradient_step")


def test_ids_are_the_names_of_tables_and_a_function_is_called_like_its_exercise(tmp_path):
    course = load(tmp_path, SMALL)
    one = course.assignments["one"]
    assert (course.id, one.id, one.modules["basics"].id, one.exercises["add"].id) == (
        "small-course",
        "one",
        "basics",
        "add",
    )
    assert one.exercises["add"].function == "add"


def test_an_exercise_may_name_another_function(tmp_path):
    course = load(tmp_path, changed('title = "Adding"', 'title = "Adding"\nfunction = "plus"'))
    assert course.assignments["one"].exercises["add"].function == "plus"


def test_whole_numbers_arrays_and_dates_are_taken_as_toml_writes_them(tmp_path):
    one = load(tmp_path, SMALL).assignments["one"]
    assert one.exercises["add"].points == 2.0
    assert isinstance(one.exercises["add"].points, float)
    assert one.exercises["double"].points == 3.5
    assert one.exercises["add"].hints == ("Think of two numbers.", "Then of their sum.")
    assert one.due == datetime(2026, 12, 14, 23, 59, tzinfo=UTC)
    assert one.devices_of(one.exercises["double"]) == ("cpu",)


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(tmp_path):
    data = b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()
    assert load(tmp_path, data) == load(tmp_path, SMALL)


def test_a_typo_in_a_key_is_named_with_its_line_and_a_suggestion(tmp_path):
    sentences = complaint(tmp_path, changed("points = 2\n", "ponits = 2\n"))
    assert sentences.startswith('course.toml, line 21: unknown key "ponits" in [assignments.one.exercises.add]')
    assert sentences.endswith('Did you mean "points"?')
    assert len(sentences.split("\n")) == 1, "the key that was meant is not said to be missing as well"


def test_a_typo_in_the_name_of_a_table_is_named(tmp_path):
    assert 'line 9: unknown key "latte" in [assignments.one]' in complaint(tmp_path, changed("one.late]", "one.latte]"))
    assert 'unknown key "corse", expected one of "course", "assignments". Did you mean "course"?' in complaint(
        tmp_path, changed("[course]", "[corse]")
    )


def test_a_key_that_resembles_nothing_comes_with_the_keys_there_are(tmp_path):
    sentence = complaint(tmp_path, changed("penalty_per_day", "xyz"))
    assert 'expected one of "grace_minutes", "penalty_per_day", "max_penalty".' in sentence
    assert "Did you mean" not in sentence


def test_several_mistakes_are_told_one_a_line_in_the_order_of_the_file(tmp_path):
    text = changed('title = "Adding"', "title = 3", changed("exercise_seconds = 5", "exercise_seconds = 0"))
    first, second = complaint(tmp_path, text).split("\n")
    assert first == (
        'course.toml, line 13: "exercise_seconds" in [assignments.one.limits] must be a number above 0, found 0.'
    )
    assert second == 'course.toml, line 20: "title" in [assignments.one.exercises.add] must be text in quotes, found 3.'


def test_a_missing_key_is_named_with_the_line_of_its_table(tmp_path):
    assert complaint(tmp_path, changed("points = 2\n", "")) == (
        'course.toml, line 18: the key "points" is missing in [assignments.one.exercises.add].'
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "points = 2\n",
            'points = "two"\n',
            '"points" in [assignments.one.exercises.add] must be a number, found the text "two".',
        ),
        ("points = 2\n", "points = true\n", "must be a number, found true."),
        ("points = 2\n", "points = 0\n", "must be a number above 0, found 0."),
        ("points = 2\n", "points = -1.5\n", "must be a number above 0, found -1.5."),
        ("points = 2\n", "points = inf\n", "must be a finite number, found inf."),
        ("points = 2\n", "points = [2]\n", "must be a number, found an array."),
        ("points = 2\n", "points = { each = 2 }\n", "must be a number, found a table."),
        ("points = 2\n", "points = 2026-01-01\n", "must be a number, found the date 2026-01-01."),
        ("points = 2\n", "points = 12:30:00\n", "must be a number, found the time 12:30:00."),
        ('title = "Adding"', 'title = ""', 'must be text that is not empty, found the text "".'),
        ('title = "Adding"', 'title = " "', 'must be text that is not empty, found the text " ".'),
        (
            '    "Then of their sum.",',
            '    " \\t",',
            'item 2 of "hints" in [assignments.one.exercises.add] must be text that is not empty',
        ),
        ('name = "A small course"', "name = false", '"name" in [course] must be text in quotes, found false.'),
        (
            'id = "small-course"',
            'id = "small course"',
            "must be a name of letters, digits, dots, underscores and hyphens",
        ),
        (
            "due = 2026-12-14T23:59:00Z",
            'lesson_url = "javascript:alert(1)"',
            '"lesson_url" in [assignments.one] must be the address of a page, without a #, such as https://',
        ),
        ("penalty_per_day = 0.1", "penalty_per_day = 1.1", "must be a number of at most 1, found 1.1."),
        ("penalty_per_day = 0.1", "grace_minutes = -1", "must be a number of at least 0, found -1."),
        ("penalty_per_day = 0.1", "grace_minutes = 1.5", "must be a whole number, found 1.5."),
        (
            'hints = ["Add a number to itself."]',
            "hints = []",
            '"hints" in [assignments.one.exercises.double] must be an array of at least one item, found an empty',
        ),
        ('hints = ["Add a number to itself."]', 'hints = ["", 3]', 'item 1 of "hints"'),
        ('hints = ["Add a number to itself."]', 'hints = "Add"', "must be an array, found the text"),
        (
            'devices = ["cpu"]',
            'devices = ["cuba"]',
            'item 1 of "devices" in [assignments.one.exercises.double] must be "cpu" or "cuda", found the text "cuba".',
        ),
        ('devices = ["cpu"]', "devices = []", "must be an array of at least one item"),
        (
            "due = 2026-12-14T23:59:00Z",
            "due = 2026-12-14",
            "must be a date with a time, such as 2026-12-14T23:59:00Z, found the date 2026-12-14.",
        ),
        ("due = 2026-12-14T23:59:00Z", "due = 2026-12-14T23:59:00", "must be a date and time with its zone"),
        ("due = 2026-12-14T23:59:00Z", 'due = "2026-12-14"', "must be a date with a time"),
        (
            "[assignments.one.late]\npenalty_per_day = 0.1",
            "late = 3",
            '"late" in [assignments.one] must be a table, found 3.',
        ),
        (
            '[assignments.one.modules.basics]\ntitle = "Basics"',
            '[assignments.one.modules]\nbasics = "Basics"',
            '"basics" in [assignments.one.modules] must be a table, found the text "Basics".',
        ),
        (
            "[assignments.one.exercises.add]",
            "[assignments.one.exercises.2-add]",
            "the last part of [assignments.one.exercises.2-add] must be a name",
        ),
        (
            'title = "Adding"',
            'title = "Adding"\nid = "plus"',
            'unknown key "id" in [assignments.one.exercises.add], whose name is its id',
        ),
        (
            'title = "Adding"',
            'title = "Adding"\nfunction = "a b"',
            '"function" in [assignments.one.exercises.add] must be a name of letters',
        ),
        (
            'module = "basics"\ntitle = "Adding"',
            'module = "basic"\ntitle = "Adding"',
            '"module" in [assignments.one.exercises.add] must be the name of a module ("basics"), found "basic". Did',
        ),
        (
            'needs = ["add"]',
            'needs = ["ad"]',
            'must be the name of another exercise ("add"), found "ad". Did you mean "add"?',
        ),
        (
            'needs = ["add"]',
            'needs = ["double"]',
            '"needs" in [assignments.one.exercises.double] names the exercise itself.',
        ),
        (
            'title = "Doubling"',
            'title = "Doubling"\nfunction = "add"',
            'is the function "add" of the module "basics", which is the exercise "add" already.',
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected_and_what_was_found(tmp_path, old, new, words):
    sentences = complaint(tmp_path, changed(old, new))
    assert words in sentences
    assert re.match(r"course\.toml, line \d+: ", sentences)


def test_one_bad_item_is_not_also_an_empty_array(tmp_path):
    assert len(complaint(tmp_path, changed('devices = ["cpu"]', 'devices = ["tpu"]')).split("\n")) == 1


def test_one_bad_name_of_a_table_is_told_once(tmp_path):
    text = changed("[assignments.one.exercises.add]", "[assignments.one.exercises.2-add]", changed('["add"]', "[]"))
    assert len(complaint(tmp_path, text).split("\n")) == 1


def test_an_exercise_that_needs_itself_is_told_once(tmp_path):
    assert len(complaint(tmp_path, changed('needs = ["add"]', 'needs = ["double"]')).split("\n")) == 1


def test_a_circle_of_needs_is_named(tmp_path):
    sentence = complaint(tmp_path, changed("points = 2\n", 'points = 2\nneeds = ["double"]\n'))
    assert "go in a circle: add → double → add." in sentence


def test_needs_that_meet_again_are_no_circle(tmp_path):
    more = '\n[assignments.one.exercises.{0}]\nmodule = "basics"\ntitle = "T"\npoints = 1\nneeds = {1}\nhints = ["h"]\n'
    text = SMALL + more.format("left", '["add"]') + more.format("top", '["left", "double", "add"]')
    assert load(tmp_path, text).assignments["one"].exercises["top"].needs == ("left", "double", "add")


def test_an_assignment_without_exercises_or_modules_is_named(tmp_path):
    bare = SMALL[: SMALL.index("[assignments.one.modules")]
    modules, exercises = sorted(complaint(tmp_path, bare).split("\n"), reverse=True)
    assert "there are no modules in [assignments.one], expected at least one table" in modules
    assert "there are no exercises in [assignments.one]" in exercises
    assert "[assignments.one.exercises.NAME]" in exercises
    assert "there are no exercises" in complaint(
        tmp_path, bare + '[assignments.one.modules.m]\ntitle = "M"\n[assignments.one.exercises]\n'
    )


def test_a_course_without_assignments_and_an_empty_file_are_named(tmp_path):
    head = SMALL[: SMALL.index("[assignments")]
    assert complaint(tmp_path, head) == (
        "course.toml: there are no assignments, expected at least one table [assignments.NAME]."
    )
    assert "the table [course] is missing." in complaint(tmp_path, "")


def test_a_mistake_in_the_syntax_is_named_with_line_and_column(tmp_path):
    assert complaint(tmp_path, changed("points = 2\n", "points 2\n")).startswith(
        "course.toml, line 21, column 8: not valid TOML: expected '='"
    )
    assert "line 21, column 10: not valid TOML: invalid value." in complaint(
        tmp_path, changed("points = 2\n", "points = two\n")
    )
    twice = complaint(tmp_path, changed("points = 2\n", "points = 2\npoints = 3\n"))
    assert "line 22" in twice
    assert "not valid TOML" in twice
    assert "course.toml, at its end: not valid TOML: " in complaint(tmp_path, SMALL + "needless = [")


def test_a_number_too_long_to_read_is_a_sentence(tmp_path):
    assert "not valid TOML: " in complaint(tmp_path, changed("points = 2\n", f"points = {'9' * 5000}\n"))
    assert "must be a number, found " in complaint(tmp_path, changed("points = 2\n", f"points = 0x{'f' * 5000}\n"))


def test_a_missing_file_is_named_with_the_one_that_may_be_meant(tmp_path):
    with pytest.raises(
        CourseError, match=r"There is no course\.toml in .*, expected the course's configuration there\.$"
    ):
        load_course(tmp_path)
    (tmp_path / "cuorse.toml").touch()
    with pytest.raises(CourseError, match=r'Did you mean "cuorse\.toml"\?'):
        load_course(tmp_path)
    with pytest.raises(CourseError, match=r"There is no course\.toml in"):
        load_course(tmp_path / "nowhere")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path):
    (tmp_path / "course.toml").mkdir()
    with pytest.raises(CourseError, match="is a folder"):
        load_course(tmp_path)


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "course.toml").write_text(SMALL)

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(CourseError, match="can't be read: Permission denied"):
        load_course(tmp_path)


def test_text_that_is_not_utf8_is_named_with_its_line(tmp_path):
    sentence = complaint(tmp_path, changed("Doubling", "Größe").encode("latin-1"))
    assert sentence == "course.toml, line 29: expected UTF-8, found the byte 0xf6; save it as UTF-8."


def test_line_feeds_in_a_value_or_a_key_do_not_break_the_sentence(tmp_path):
    assert r'found the text "a\nb".' in complaint(tmp_path, changed("points = 2\n", 'points = "a\\nb"\n'))
    assert r'unknown key "a\nb"' in complaint(tmp_path, changed("points = 2\n", 'points = 2\n"a\\nb" = 1\n'))


def test_keys_inside_texts_over_several_lines_are_not_taken_for_keys():
    text = 'a = """\nb = 1\n[c]\n"""\nd = [\n  "b = 2",\n]\nb = 3\n[x.y]\n"quoted key" = { z = 1 }\n'
    assert lines_of(text) == {
        ("a",): 1,
        ("d",): 5,
        ("b",): 8,
        ("x", "y"): 9,
        ("x",): 9,
        ("x", "y", "quoted key"): 10,
        ("x", "y", "quoted key", "z"): 10,
    }


def test_the_line_of_a_table_is_that_of_its_own_header():
    assert lines_of("[a.b]\n[a]\n")[("a",)] == 2


KEY_LINES = [
    (number, match[1])
    for number, line in enumerate(SMALL.split("\n"), start=1)
    if (match := re.match(r"(\w+) = ", line))
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_misspelt_key_is_named_with_its_line(tmp_path, data):
    number, key = data.draw(st.sampled_from(KEY_LINES))
    at = data.draw(st.integers(0, len(key) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    wrong = data.draw(
        st.sampled_from([key[:at] + key[at + 1 :], key[:at] + letter + key[at:], key[:at] + letter + key[at + 1 :]])
    )
    known = {
        "id",
        "name",
        "title",
        "due",
        "module",
        "points",
        "hints",
        "devices",
        "needs",
        "function",
        "late",
        "limits",
    }
    assume(wrong and wrong not in known and wrong != key)
    lines = SMALL.split("\n")
    lines[number - 1] = lines[number - 1].replace(key, wrong, 1)
    told = complaint(tmp_path, "\n".join(lines)).split("\n")
    assert any(sentence.startswith(f'course.toml, line {number}: unknown key "{wrong}"') for sentence in told)


values = st.recursive(
    st.sampled_from(["3", "-1", "1.5", "nan", "true", '""', '"text"', "2026-01-01", "2026-01-01T10:00:00", "07:32:00"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(["id", "title", "add", "a-b"]), inner, max_size=2).map(
            lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
        ),
    ),
    max_leaves=5,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.sampled_from(KEY_LINES), value=values)
def test_any_value_at_any_key_is_read_or_refused_in_sentences(tmp_path, where, value):
    number, key = where
    lines = SMALL.replace(
        'hints = [\n    "Think of two numbers.",\n    "Then of their sum.",\n]', 'hints = ["x"]\n\n\n'
    ).split("\n")
    lines[number - 1] = f"{key} = {value}"
    sentences = problems(tmp_path, "\n".join(lines))
    assert all(sentence.startswith("course.toml") and not JARGON.search(sentence) for sentence in sentences)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(top=st.dictionaries(st.sampled_from(["course", "assignments", "x"]), values, max_size=3))
def test_any_shape_at_the_top_is_refused_in_sentences(tmp_path, top):
    sentences = complaint(tmp_path, "".join(f"{key} = {value}\n" for key, value in top.items()))
    assert all(sentence.startswith("course.toml") for sentence in sentences.split("\n"))
