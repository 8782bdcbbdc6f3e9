"""What torch and NumPy say of shapes that don't go together."""

from __future__ import annotations

import re

from grader.checks.explanations.row import NUMBER, SIZES, Seen, row, shape, sizes, word

_LOOK = "Look at the shapes of both before this line."


def _matrices(found: re.Match[str], _: Seen) -> str:
    first, second = sizes(found["a"]), sizes(found["b"])
    said = f"Shapes {shape(found['a'])} and {shape(found['b'])} can't be multiplied as matrices: "
    if len(first) != 2 or len(second) != 2:
        return f"{said}the inner sizes must agree."
    said += f"the inner sizes, {first[1]} and {second[0]}, must agree."
    turned = first[1] == second[1] or first[0] == second[0]
    return f"{said} One of the two may need a transpose." if turned else f"{said} {_LOOK}"


def _arranged(found: re.Match[str], _: Seen) -> str:
    wanted = found["shape"]
    return (
        f"{word(found['count'])} numbers can't be arranged in the shape {shape(wanted)}. The product of the sizes "
        "must be "
        f"{word(found['count'])}" + (", with -1 for the one that is to be found." if "-1" in wanted else ".")
    )


SHAPES_ROWS = (
    row(
        r"(?:mat1 and mat2|mat_a and mat_b) shapes cannot be multiplied \((?P<a>\d{1,18}x\d{1,18}) and "
        r"(?P<b>\d{1,18}x\d{1,18})\)",
        _matrices,
    ),
    row(r"shapes \((?P<a>[\d,]{1,80})\) and \((?P<b>[\d,]{1,80})\) not aligned", _matrices),
    row(
        r"size mismatch, got input \(\d{1,18}\), mat \((?P<mat>\d{1,18}x\d{1,18})\), vec \((?P<vec>\d{1,18})\)",
        lambda found, _: (
            f"A matrix of shape {shape(found['mat'])} can't be multiplied with a vector of {word(found['vec'])} "
            f"numbers: it needs one of {sizes(found['mat'])[-1]}."
        ),
    ),
    row(
        rf"inconsistent tensor size, expected tensor \[(?P<a>{SIZES})\] and src \[(?P<b>{SIZES})\]",
        "Two vectors that are multiplied with @ or dot() must be equally long: these have {a} and {b} numbers.",
    ),
    row(
        r"1D tensors expected, but got (?P<a>\d{1,9})D and (?P<b>\d{1,9})D",
        "dot() multiplies two vectors, and got tensors of {a} and {b} dimensions. For matrices there is @.",
    ),
    row(
        rf"Expected size for first two dimensions of batch2 tensor to be: \[(?P<want>{SIZES})\] but got: "
        rf"\[(?P<got>{SIZES})\]",
        "Two stacks of matrices can't be multiplied: the second begins with the sizes {got} and would have to begin "
        f"with {{want}}. {_LOOK}",
    ),
    row(
        r"(?:self|mat1|mat2|input|vec\d?|batch\d) must be a (?P<what>matrix|vector|3D tensor)|"
        r"vector \+ matrix @ vector expected|matrix1? and matrix2? must be",
        "This kind of multiplication wants other numbers of dimensions: mm() takes two matrices, mv() a matrix and a "
        f"vector, bmm() two stacks of matrices. @ takes any of these. {_LOOK}",
    ),
    row(
        r"t\(\) expects a tensor with <= 2 dimensions, but self is (?P<n>\d{1,9})D",
        "t() turns a matrix around, and this tensor has {n} dimensions. Say which two to swap: transpose(dim0, dim1).",
    ),
    row(
        r"einsum\(\): subscript (?P<letter>\w) has size (?P<one>\d{1,18}) for operand (?P<at>\d{1,9}) which does not "
        r"broadcast with previously seen size (?P<other>\d{1,18})",
        "In einsum the letter {letter} stands for two sizes, {other} and {one}. One letter stands for one size.",
    ),
    row(
        r"einsum\(\): the number of subscripts in the equation \((?P<letters>\d{1,9})\) does not match the number of "
        r"dimensions \((?P<n>\d{1,9})\) for operand (?P<at>\d{1,9})",
        "In einsum every dimension has a letter: operand {at}, counted from 0, has {n} dimensions and {letters} "
        "letters.",
    ),
    row(
        r"matmul: Input operand .{0,160}\(size (?P<b>\d{1,18}) is different from (?P<a>\d{1,18})\)",
        f"The shapes of two arrays can't be multiplied with @: the inner sizes, {{a}} and {{b}}, must agree. {_LOOK}",
    ),
    row(
        r"The size of tensor a \((?P<a>\d{1,18})\) must match the size of tensor b \((?P<b>\d{1,18})\) at "
        r"non-singleton dimension (?P<at>\d{1,9})",
        lambda found, _: (
            f"The shapes don't go together: along dimension {found['at']} there are {found['a']} in one tensor and "
            f"{found['b']} in the other. The two must be equal, or one of them 1. {_LOOK}"
        ),
    ),
    row(
        r"The expanded size of the tensor \((?P<a>\d{1,18})\) must match the existing size \((?P<b>\d{1,18})\) at "
        r"non-singleton dimension (?P<at>\d{1,9})",
        "The shapes don't go together: along dimension {at} there are {b} where {a} are needed (or 1, which is "
        "repeated). "
        f"{_LOOK}",
    ),
    row(
        r"operands could not be broadcast together with shapes \((?P<a>[\d,]{0,80})\) \((?P<b>[\d,]{0,80})\)",
        lambda found, _: (
            f"Arrays of shapes {shape(found['a'])} and {shape(found['b'])} don't go together: counted from the back, "
            "their sizes must be equal, or one of them 1."
        ),
    ),
    row(
        rf"output (?:operand )?with shape [\[(](?P<old>{SIZES})[\])] doesn't match the broadcast shape "
        rf"[\[(](?P<new>{SIZES})[\])]",
        lambda found, _: (
            f"A result of shape {shape(found['new'])} doesn't fit into a tensor of shape {shape(found['old'])}, which "
            "was to be changed in place. Which of the two has the wrong shape?"
        ),
    ),
    row(rf"shape '\[(?P<shape>{SIZES})\]' is invalid for input of size (?P<count>\d{{1,18}})", _arranged),
    row(rf"cannot reshape array of size (?P<count>\d{{1,18}}) into shape \((?P<shape>{SIZES})\)", _arranged),
    row(
        r"view size is not compatible with input tensor's size and stride",
        "view() can't do this, because the numbers don't lie in that order in memory. reshape() can.",
    ),
    row(
        rf"stack expects each tensor to be equal size, but got \[(?P<a>{SIZES})\] at entry 0 and \[(?P<b>{SIZES})\] at "
        r"entry (?P<at>\d{1,9})",
        lambda found, _: (
            "Tensors of different shapes can't be stacked, and the items of a batch are stacked, too: number 0 has "
            f"the shape {shape(found['a'])} and number {word(found['at'])} the shape {shape(found['b'])}."
        ),
    ),
    row(
        r"Sizes of tensors must match except in dimension (?P<at>\d{1,9}).{0,20}Expected size (?P<a>\d{1,18}) but got "
        r"size (?P<b>\d{1,18})",
        "Tensors that are joined with cat() must have equal sizes but for dimension {at}: one has {a} where another "
        "has {b}.",
    ),
    row(
        r"(?:stack|cat\(\):?) expect(?:s|ed) a non-empty (?:TensorList|list of Tensors)",
        "There is nothing to join: the list of tensors is empty. Was anything put into it before this line?",
    ),
    row(
        rf"Using a target size \((?:torch\.Size\()?\[(?P<b>{SIZES})\]\)?\) that is different to the input size "
        rf"\((?:torch\.Size\()?\[(?P<a>{SIZES})\]",
        lambda found, _: (
            f"The prediction has the shape {shape(found['a'])} and the target {shape(found['b'])}. This loss wants "
            "them equal."
        ),
    ),
    row(
        r"Expected input batch_size \((?P<a>\d{1,18})\) to match target batch_size \((?P<b>\d{1,18})\)",
        "There are {a} predictions and {b} targets. There must be one target for each prediction.",
    ),
    row(
        rf"Dimension out of range \(expected to be in range of \[{NUMBER}, (?P<last>{NUMBER})\], but got "
        rf"(?P<got>{NUMBER})\)",
        lambda found, _: (
            f"There is no dimension {word(found['got'])}: the last one of this tensor is {word(found['last'])}, as "
            "they are counted from 0."
        ),
    ),
    row(
        r"Dimension specified as (?P<got>\d{1,9}) but tensor has no dimensions",
        "A tensor that is a single number, without dimensions, stands where one with dimensions is needed.",
    ),
    row(
        rf"negative dimension (?P<n>{NUMBER})",
        "A tensor can't have a size of {n}. Where was that number computed?",
    ),
)
