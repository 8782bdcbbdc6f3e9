"""A title for a visible check, made of the first sentence of a docstring: `Move every column.` is `moves every column`.

Titles are read behind the exercise's name ("mse averages the squared differences"), so they begin with a verb.
"""

from __future__ import annotations

import re

_LONGEST = 90
_NOUN_BEGINS = r"(?:the|a|an|each|every|all|one|two|three|four|how|what|which|where|when)\b"
_IRREGULAR = {"be": "is", "have": "has", "do": "does", "go": "goes"}
# Words that follow "and" or "then" as a further thing to do. Others may be nouns: "and the rows".
_VERBS = frozenset(
    {
        "add", "append", "average", "change", "collect", "combine", "compute", "convert", "copy", "count", "cut",
        "divide", "draw", "fill", "find", "give", "join", "keep", "leave", "make", "move", "multiply", "normalise",
        "normalize", "note", "pick", "predict", "print", "put", "raise", "remove", "repeat", "replace", "reset",
        "return", "round", "save", "scale", "set", "shift", "sort", "split", "store", "subtract", "sum", "take",
        "train", "turn", "update", "write",
    }
)  # fmt: skip


def title_of(docstring: str) -> str:
    """What is done, in a few words; empty where the first sentence doesn't tell, or is too long."""
    first = " ".join(docstring.strip().split("\n\n")[0].split())
    sentence = re.split(r"(?<=[.!?])\s|:\s", first, maxsplit=1)[0].rstrip(" .!:")
    while len(sentence) > _LONGEST and "," in sentence:
        sentence = sentence.rpartition(",")[0]
    if not sentence or len(sentence) > _LONGEST or not sentence.isprintable() or re.search(r'>>>|["\\]', sentence):
        return ""
    head, _, rest = sentence.partition(" ")
    if re.match(_NOUN_BEGINS, sentence, re.I) or rest.startswith("of "):
        return f"gives {_small(sentence)}"
    if re.match(r"whether\b", sentence, re.I):
        return f"says {_small(sentence)}"
    if not re.fullmatch(r"[A-Za-z]+", head) or not rest:
        return ""
    rest = re.sub(
        r"((?:, (?:and |then )?|\band (?:then )?|\bthen ))([a-z]+)\b", lambda found: found[1] + _further(found[2]), rest
    )
    return f"{_third_person(head.lower())} {rest}"


def _small(sentence: str) -> str:
    head, space, rest = sentence.partition(" ")
    return f"{head.lower() if head[1:].islower() or len(head) == 1 else head}{space}{rest}"


def _further(word: str) -> str:
    return _third_person(word) if word in _VERBS else word


def _third_person(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("s") and not verb.endswith("ss"):
        return verb  # it is one already
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"
