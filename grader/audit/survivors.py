"""What would reject a mutant that the checks let pass, by what was done to it."""

from __future__ import annotations

import re

_ADVICE = (
    (r"kept from|kept for|from call to call", "call it twice with inputs of one shape"),
    (r"rounded to", "draw small numbers, so that rounding shows"),
    (
        r"rounds$|the loop ends when|smallest so far",
        "ask for one run of more than 50 rounds, and one in which it rises",
    ),
    (r"detached|\.grad|no_grad", "check a gradient (then=Backward) or requires_grad"),
    (r"is always|ignored$", "call it with more than one value of this parameter"),
    (r"only claims its type|an order", "check the values that come out of it"),
    (r"changed in place", "add a guard with leaves_alone"),
    (r"works only twice", "call it three times in one check"),
    (r"returned$|not returned$", 'check what is returned, or list it as equivalent with free = ["value"]'),
)


def advice(what: str) -> str:
    """What helps against a mutant with this title: `a detached result`. Empty where nothing better than other inputs
    is known."""
    return next((advice for pattern, advice in _ADVICE if re.search(pattern, what)), "")
