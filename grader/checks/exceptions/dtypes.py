"""What torch says of numbers of different kinds: float32 and float64, whole numbers, and devices."""

from __future__ import annotations

import re

from grader.checks.exceptions.row import NAME, Seen, row, word

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
    return f"Tensors of different dtypes, {_dtype(found['a'])} and {_dtype(found['b'])}, were put together. {_SAME}"


def _in_place(found: re.Match[str], seen: Seen) -> str:
    one = "an array" if "ufunc" in seen.message else "a tensor"
    return (
        f"A result of dtype {_dtype(found['a'])} can't be put into {one} of dtype {_dtype(found['b'])}, which was to "
        "be changed in place. Convert that one to floating-point numbers first."
    )


ROWS = (
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
        "^ is no power in Python. Powers are written with two stars: x ** 2.",
    ),
    row(
        r"ufunc 'bitwise_xor' not supported",
        "^ is no power in Python. Powers are written with two stars: x ** 2.",
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
        "A NumPy array of texts or of mixed objects can't become a tensor: it must hold numbers only.",
    ),
    row(
        r"(?:too many dimensions 'str'|invalid data type 'str')",
        "A text stands where numbers are needed. A text of digits becomes a number with float() or int().",
    ),
    row(
        rf"Could not infer dtype of (?!NoneType)(?P<kind>{NAME})",
        "Something of type {kind} can't become a tensor: it must be numbers, or lists of numbers.",
    ),
    row(
        r"Expected all tensors to be on the same device|is not on the expected device|different from other tensors on",
        "Tensors on different devices were put together. Bring what is made here to the device of what was given: "
        "to(x.device), or device=x.device where it is made.",
    ),
    row(
        r"(?:Torch not compiled with CUDA enabled|Found no NVIDIA driver|not linked with support for|No CUDA GPUs are)",
        "The device that was asked for isn't there. Leave tensors on the device on which they come.",
    ),
    row(
        r"(?:Invalid device string|Expected one of cpu, cuda)",
        "That is the name of no device: there are cpu and cuda. A dtype is written without quotes: torch.float32.",
    ),
    row(
        r"can't convert (?P<device>[\w:]{1,20}) device type tensor to numpy",
        "A tensor on another device can't become a NumPy array. Bring it back with cpu() first.",
    ),
)
