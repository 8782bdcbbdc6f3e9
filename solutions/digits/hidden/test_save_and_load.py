"""Hidden checks of `save_and_load`.

The file is in memory. Whether it was used can't be seen from here, but for its size; what was loaded can.
"""

from grader.checks import Build, check, guard
from solutions.digits.hidden.parts import linear

FILE = "torch.serialization.io.BytesIO"
FRAME = 8000  # bytes that a file of torch has besides the numbers, and more


def deep(draw):
    return Build("torch.nn.Sequential", (linear(draw, 3, 4), Build("torch.nn.Tanh"), linear(draw, 4, 2)))


@check("save_and_load", points=2)
def test_fresh_has_the_parameters(student, draw):
    """leaves the other model with the parameters of the first"""
    for d, k in [(6, 3), (6, 3), (64, 10)]:
        model, fresh = linear(draw, d, k), linear(draw, d, k)
        student.save_and_load(model, fresh, Build(FILE)).trained(1, model.state)
    model, fresh = deep(draw), deep(draw)
    outcome = student.save_and_load(model, fresh, Build(FILE))
    first, _, last = model.args
    state = {f"{at}.{name}": part.state[name] for at, part in ((0, first), (2, last)) for name in part.state}
    outcome.trained(1, state)


@check("save_and_load", points=1)
def test_size(student, draw):
    """returns how many bytes the file has"""
    for d, k in [(64, 10), (700, 9)]:
        outcome = student.save_and_load(linear(draw, d, k), linear(draw, d, k), Build(FILE))
        size, least = outcome.value, 4 * (d + 1) * k
        if type(size) is not int:
            outcome.fail("The number of bytes should be an int.")
        if not least < size < least + FRAME:
            facts = (("returned", str(size)), ("expected", f"a little more than {least}: 4 bytes for each number"))
            outcome.fail("That is not the size of a file with the model's parameters.", *facts)


@guard("save_and_load", penalty=0.5)
def test_leaves_the_model_alone(student, draw):
    """leaves the first model as it was"""
    model = linear(draw, 4, 2)
    student.save_and_load(model, linear(draw, 4, 2), Build(FILE)).trained(0, model.state)
