"""Where a missing import belongs: at the top of a module, or in a cell of a notebook, which must be run."""

import pytest

from grader.checks.explain import in_words
from grader.sandbox.protocol.messages import Call, Raised


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("lesson.py, line 3:  x = torch.ones(2)", "At the top of the file: import torch"),
        ("Cell In[5], line 3:  x = torch.ones(2)", "In a cell above, which has to be run: import torch"),
    ],
)
def test_the_sentence_names_a_place_that_the_learner_has(place: str, where: str) -> None:
    raised = Raised("call", "NameError", "name 'torch' is not defined")
    assert in_words(raised, Call("lesson", "f", ()), place).endswith(where)
