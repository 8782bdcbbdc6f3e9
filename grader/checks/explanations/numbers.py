"""Numbers and operators: dividing by zero, operands that can't be put together, and torch's kinds of numbers."""

from __future__ import annotations

import re

from grader.checks.explanations.row import (
    ARRAYS,
    NAME,
    PLAIN_NUMBERS,
    Seen,
    capital_kind,
    is_module,
    kind_of,
    row,
    word,
)

NUMBERS_ROWS = (
    row(r"", "This line divides by zero. Which number on it can be 0: a count, a length?", "ZeroDivisionError"),
    row(
        r"cannot convert float NaN to integer",
        "A number is nan, which means: not a number. It comes from infinity minus infinity or zero by zero, and so "
        "from numbers that grew without end. Where did it first turn up?",
    ),
    row(
        r"",
        "A number doesn't fit where it is to be held; most often it is too large. When numbers grow from step to step, "
        "the steps are too large or go the wrong way.",
        "OverflowError",
    ),
    row(
        r"math domain error|expected a (?:non-negative|positive|number)",
        "This can't be computed for this number: for example, a negative number has no square root, and 0 no "
        "logarithm.",
        "ValueError",
    ),
    row(
        r"a Tensor with (?P<n>\d{1,18}) elements cannot be converted to Scalar",
        "item() works for a tensor with a single number, and this one holds {n}. Reduce them to one number first, or "
        "use tolist().",
    ),
    row(
        r"only one element tensors can be converted to Python scalars|"
        r"only (?:length-1|0-dimensional|size-1) arrays can be converted|can only convert an array of size 1",
        "Something that doesn't hold exactly one number can't become a single number. Pick one number, or reduce all "
        "to one first. A list of tensors becomes a tensor with torch.stack().",
    ),
    row(
        rf"^(?P<name>int|float|complex)\(\) argument must be .{{0,80}}, not '(?P<kind>{NAME})'",
        lambda found, _: (
            f"{found['name']}() makes a number of a text or of another number, and got {kind_of(found['kind'])}."
        ),
    ),
    row(
        r"could not convert string to float|invalid literal for int\(\)",
        "This text can't become a number, because it holds something else than digits. int() takes no decimal point.",
        "ValueError",
    ),
    row(
        rf"must be real number, not (?P<kind>{NAME})|a (?:real )?number is required, not (?P<other>{NAME})",
        lambda found, _: f"A number is needed here, and this is {kind_of(found['kind'] or found['other'])}.",
        "TypeError",
    ),
    row(
        rf"unsupported format string passed to (?P<kind>{NAME})\.__format__",
        lambda found, _: (
            "Only a single number can be written with a format such as :.4f, and this is "
            + (
                "a tensor with dimensions: take item() of it."
                if found["kind"] in ("Tensor", "Parameter")
                else f"{kind_of(found['kind'])}."
            )
        ),
    ),
    row(
        rf"Unknown format code '(?P<code>\w)' for object of type '(?P<kind>{NAME})'",
        lambda found, _: f"The format {found['code']} in a message doesn't go with {kind_of(found['kind'])}.",
    ),
    row(
        r"Replacement index \d{1,9} out of range|not enough arguments for format|not all arguments converted during "
        r"string",
        'A message has more or fewer placeholders than there are values. In an f-string, f"{{x}}", each value stands '
        "in its place.",
    ),
    row(
        r"tensors with negative strides are not",
        "An array that was turned around can't become a tensor as it is. Take its copy() first.",
    ),
    row(
        r"doesn't define __round__ method",
        "round() takes a plain number: take item() of a tensor that holds one, or torch.round().",
    ),
    row(
        r"[Ss]ingular matrix|matrix is singular",
        "This matrix has no inverse: its rows depend on each other.",
    ),
)


_OPERATOR = r"(?P<operator>[-+*/%@&|^<>=!~]{1,3}|\*\* or pow\(\)|divmod\(\))"
_LOSS = re.compile(r"\b[A-Za-z0-9]{1,30}Loss\(")


def _apart(found: re.Match[str], _: Seen) -> str:
    groups = found.groupdict()
    operator = groups.get("operator") or "+"
    kinds = [found["a"], found["b"]]
    if operator.startswith("^") and all(kind in (*PLAIN_NUMBERS, "Tensor", "Parameter") for kind in kinds):
        return "^ is not a power in Python. Write a power with two stars: x ** 2."
    if {"numpy.ndarray", "Tensor"} == set(kinds):
        return f"A NumPy array and a tensor can't be combined with {operator}. Make the array a tensor first."
    models = [kind for kind in kinds if is_module(kind)]
    if models:
        return (
            f"{capital_kind(models[0])} can't be computed with. Do you mean its result for an input? Then call it on "
            "the input first."
        )
    if "str" in kinds:
        other = next((kind for kind in kinds if kind != "str"), "str")
        return (
            f"A text and {kind_of(other)} can't be combined with {operator}. In a message write values inside an "
            'f-string, f"{x}"; a text of digits becomes a number with float().'
        )
    if "complex" in kinds:
        return "This is a complex number. The square root of a negative number gives one, for instance."
    listed = next((kind for kind in kinds if kind in ARRAYS), "")
    if listed and listed != "numpy.ndarray":
        return (
            f"{capital_kind(listed)} can't be used to compute number by number. Make a tensor of it, or pick the part "
            "you mean."
        )
    both = f"{capital_kind(kinds[0])} and {kind_of(kinds[1])}"
    return f"{both} can't be combined with {operator}. Which of the two is of the wrong type?"


def _ambiguous(_: re.Match[str], seen: Seen) -> str:
    said = (
        "A tensor of several numbers was used as a yes or no, as by if, while, and, or, not, in, max() or min(). "
        "Compare single numbers, or use all() or any()."
    )
    if _LOSS.search(seen.line):
        said += " A loss that is a class is made first and called then, as in nn.L1Loss()(a, b)."
    return said


OPERANDS_ROWS = (
    row(rf"^unsupported operand type\(s\) for {_OPERATOR}: '(?P<a>{NAME})' and '(?P<b>{NAME})'", _apart, "TypeError"),
    row(rf"^'{_OPERATOR}' not supported between instances of '(?P<a>{NAME})' and '(?P<b>{NAME})'", _apart, "TypeError"),
    row(rf"can only concatenate (?P<a>{NAME}) \(not \"(?P<b>{NAME})\"\) to", _apart, "TypeError"),
    row(
        rf"can't multiply sequence by non-int of type '(?P<kind>{NAME})'",
        "A list, a tuple or a text times a number is repeated, and takes whole numbers only. To multiply number by "
        "number, make a tensor of it first.",
    ),
    row(
        rf"bad operand type for (?P<operator>unary [-+~]|[a-z]{{1,10}}\(\)): '(?P<kind>{NAME})'",
        lambda found, _: f"{found['operator'].removeprefix('unary ')} can't be used with {kind_of(found['kind'])}.",
    ),
    row(r"Boolean value of Tensor with more than one value is ambiguous", _ambiguous),
    row(
        r"Boolean value of Tensor with no values is ambiguous",
        "An empty tensor was used as a yes or no. Should there be anything in it?",
    ),
    row(
        r"The truth value of an array with more than one element is ambiguous",
        "A NumPy array of several numbers was used as a yes or no, as by if, while, and, or, not. Compare single "
        "numbers, or use all() or any().",
    ),
)


# torch's own names for dtypes, in C++ and in its older messages.
_DTYPES = {
    "float": "float32", "double": "float64", "half": "float16", "bfloat16": "bfloat16", "int": "int32",
    "long": "int64", "long int": "int64", "short": "int16", "char": "int8", "byte": "uint8", "bool": "bool",
    "unsigned char": "uint8", "signed char": "int8", "c10::half": "float16", "c10::bfloat16": "bfloat16",
}  # fmt: skip
_KIND = r"(?:long int|unsigned char|signed char|short int|[\w:]{1,40})"
_SAME = (
    "Convert one of them with to() or float(). NumPy's numbers are float64 and torch's float32 unless asked for others."
)


def _dtype(text: str) -> str:
    return _DTYPES.get(text.lower(), word(text))


def _different(found: re.Match[str], _: Seen) -> str:
    return f"Tensors of different dtypes, {_dtype(found['a'])} and {_dtype(found['b'])}, were combined. {_SAME}"


def _in_place(found: re.Match[str], seen: Seen) -> str:
    one = "an array" if "ufunc" in seen.message else "a tensor"
    return (
        f"A result of dtype {_dtype(found['a'])} can't be put into {one} of dtype {_dtype(found['b'])}, which was to "
        "be changed in place. Convert that one to floating-point numbers first."
    )


DTYPES_ROWS = (
    row(rf"same dtype, but (?:got|found):? (?P<a>{_KIND}),? (?:and|!=) (?P<b>{_KIND})", _different),
    row(rf"same dtype, but (?:got|found):? (?P<a>{_KIND}), {_KIND}, and (?P<b>{_KIND})", _different),
    row(rf"expected scalar type (?P<a>{_KIND}) but found (?P<b>{_KIND})", _different),
    row(rf"Found dtype (?P<a>{_KIND}) but expected (?P<b>{_KIND})", _different),
    row(rf"expected dtype (?P<a>{_KIND}) for `\w{{1,40}}` but got dtype (?P<b>{_KIND})", _different),
    row(rf"Input type \((?P<a>{_KIND})\) and (?:bias|weight) type \((?P<b>{_KIND})\) should be the same", _different),
    row(rf"dtypes match, got (?P<a>{_KIND}) for the destination and (?P<b>{_KIND}) for the source", _different),
    row(rf"result type (?P<a>{_KIND}) can't be cast to the desired output type (?P<b>{_KIND})", _in_place),
    row(
        r"Cannot cast ufunc '\w{1,40}' output from dtype\('(?P<a>\w{1,40})'\) to dtype\('(?P<b>\w{1,40})'\)",
        _in_place,
    ),
    row(
        rf"(?P<name>\w{{1,40}})\(\): could not infer output dtype.{{0,120}}Got: (?P<kind>{_KIND})",
        lambda found, _: (
            f"{word(found['name'])}() is for floating-point numbers, and these are {_dtype(found['kind'])}. Convert "
            "them first, with float()."
        ),
    ),
    row(
        r"expected target dtype to be Long or Byte, but got",
        "The targets of this loss are the numbers of classes, and must be whole numbers of dtype int64: long() makes "
        "them so.",
    ),
    row(
        r"(?:tensors used as indices must be|[Ee]xpected (?:dtype int32/int64 for index|BoolTensor for mask)|"
        r"expected condition to be a boolean tensor|one of the following scalar types: Long)",
        "A tensor that picks out others must hold whole numbers or truth values. Convert it with long() or bool().",
    ),
    row(
        r"\"bitwise_xor_\w{1,20}\" not implemented for",
        "^ is not a power in Python. Write a power with two stars: x ** 2.",
    ),
    row(
        r"ufunc 'bitwise_xor' not supported",
        "^ is not a power in Python. Write a power with two stars: x ** 2.",
    ),
    row(
        r"\"(?P<name>bitwise_(?:and|or)|lshift|rshift)_\w{1,20}\" not implemented for",
        "&, |, << and >> are for whole numbers and truth values, and these are floating-point numbers. Compare "
        "first, and put each comparison in parentheses.",
    ),
    row(
        r"~ \(operator.invert\) is only implemented on integer and Boolean",
        "~ turns truth values around, and this tensor holds other numbers. The opposite of a number is written with -.",
    ),
    row(
        rf"\"(?P<name>\w{{1,60}}?)(?:_cpu|_cuda)?\" not implemented for '(?P<kind>{_KIND})'",
        lambda found, _: (
            f"torch can't do {word(found['name'])} with numbers of dtype {_dtype(found['kind'])}. Convert them first, "
            "with float() for instance."
        ),
    ),
    row(
        r"can't convert np.ndarray of type (?P<kind>[\w.]{1,60})",
        "A NumPy array of this kind can't become a tensor: it must hold numbers only, no texts and no mixed objects.",
    ),
    row(
        r"(?:too many dimensions 'str'|invalid data type 'str')",
        "There is a text here, but numbers are needed. A text of digits becomes a number with float() or int().",
    ),
    row(
        rf"Could not infer dtype of (?!NoneType)(?P<kind>{NAME})",
        "Something of type {kind} can't become a tensor: it must be numbers, or lists of numbers.",
    ),
    row(
        r"Expected all tensors to be on the same device|is not on the expected device|different from other tensors on",
        "Tensors on different devices were combined. Move new tensors to the device of the arguments: "
        "to(x.device), or device=x.device where it is made.",
    ),
    row(
        r"(?:Torch not compiled with CUDA enabled|Found no NVIDIA driver|not linked with support for|No CUDA GPUs are)",
        "This device isn't available. Leave tensors on the device they come on.",
    ),
    row(
        r"(?:Invalid device string|Expected one of cpu, cuda)",
        "This is not the name of a device: use cpu or cuda. A dtype is written without quotes: torch.float32.",
    ),
    row(
        r"can't convert (?P<device>[\w:]{1,20}) device type tensor to numpy",
        "A tensor on another device can't become a NumPy array. Bring it back with cpu() first.",
    ),
)
