"""Names to hand in under: what every system and the grading can have as a file, and a sentence for the rest."""

import pytest

from grader.selfcheck.submit_archive import SubmitError, checked_name, plain_or


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("ada", "ada"),
        (" ada ", "ada"),
        ("ada.zip", "ada"),
        ("Ada.ZIP", "Ada"),
        ("Ada Lovelace", "Ada Lovelace"),
        ("o'neill, j. (2)", "o'neill, j. (2)"),
        ("софья", "софья"),
        ("=1+1", "=1+1"),
        ("console", "console"),
        ("ada.v2", "ada.v2"),
        ("n" * 200, "n" * 200),
    ],
)
def test_an_ordinary_name_is_taken_without_the_ending_that_was_typed_along(given, name):
    assert checked_name(given) == name


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        (".zip", "it is empty"),
        ("a/b", "a slash"),
        ("../ada", "a slash"),
        ("/etc/passwd", "a slash"),
        ("a\\b", "a slash"),
        (".ada", "hidden files are not graded"),
        ("..", "begins with a dot"),
        ("ada.", "ends with a dot"),
        ("C:ada", "it holds :"),
        ('a"b?', 'it holds " and ?'),
        ("con", "a meaning of its own"),
        ("NUL.txt", "a meaning of its own"),
        ("Com1", "a meaning of its own"),
        ("lpt9.zip", "a meaning of its own"),
        ("__MACOSX", "a meaning of its own"),
        ("a\nb", "can't be seen"),
        ("a\0b", "can't be seen"),
        ("a\x1b[31mb", "can't be seen"),
        ("ada\u202egnp", "can't be seen"),
        ("a\udcffb", "can't be seen"),
        ("n" * 201, "longer than 200 bytes"),
        ("ж" * 101, "longer than 200 bytes"),
    ],
)
def test_a_name_that_no_file_can_have_everywhere_is_a_sentence(given, words):
    with pytest.raises(SubmitError) as refused:
        checked_name(given)
    said = str(refused.value)
    assert words in said
    assert said.isprintable()
    assert said.endswith("such as ada: your name in the course.")


def test_a_notebook_keeps_its_own_name_where_that_is_plain():
    assert plain_or("my work.ipynb", "notebook.ipynb") == "my work.ipynb"
    assert plain_or("my\\work.ipynb", "notebook.ipynb") == "notebook.ipynb"
