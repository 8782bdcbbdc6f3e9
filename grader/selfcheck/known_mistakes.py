"""What the self-check knows of an exercise from the file beside the lesson: signatures, and sealed misconceptions.

The self-check can't ship wrong implementations, nor their results: both say much about the right answer. So the words
for each mistake are locked with a key made from what the mistake shows on the visible inputs (a fingerprint). What a
learner's function shows opens the words for that mistake, and no others.

Some mistakes show the same, and only the learner's source tells them apart. Beside the words of such a one its
predicate is locked, a function on the syntax tree: it can be read only by what shows this mistake, and then decides.

Numbers differ by rounding from one machine to another, and a key must not. Each is measured in steps of `STEP` of the
largest number near it (a power of two above), and a digit that is not secret shifts it to the middle of its step (a
"secure sketch": Dodis, Ostrovsky, Reyzin and Smith, Fuzzy Extractors, SIAM Journal on Computing 38, 2008). So numbers
that differ by less than two fifths of a step give the same key.

Some show what the right answer does in all calls, or another mistake, and a check finds them in what it looks at beside
these: a file, the gradients in a model of its own. Of these, what the checks say of it is part of the fingerprint.

The tag depends on the key and on what is locked, and what locks depends on the tag (as in RFC 5297): so several
mistakes may be sealed with the same key, and the same is written every time.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from grader.checks.observed import NUMBER, CallRecord, Feature, shown
from grader.checks.scoring import CheckOutcome
from grader.core.assignment import SEALED
from grader.core.records import CheckStatus, Misconception
from grader.reading.definitions import IsWritten, Signature, predicate_from, signature_of, unique_match

STEP = 2.0**-10
_TAG = 8  # bytes that tell whether a key fits


@dataclass(frozen=True)
class Known:
    """What is sealed of a mistake: what a learner is told, and the text of the predicate that tells it from others that
    show the same; empty where it needs none."""

    told: Misconception
    predicate: str = ""

    @cached_property
    def is_written(self) -> IsWritten | None:
        """The predicate. Raises what its text raises."""
        return predicate_from(self.predicate, f"<{self.told.id}>") if self.predicate else None


@dataclass(frozen=True)
class Sealed:
    """What is known of one way to one mistake, sealed. `powers` and `digits` are those of the numbers, in order; `tag`
    tells a key that fits; `words` are locked."""

    powers: tuple[int, ...]
    digits: str
    tag: bytes
    words: bytes


def seal(shown: Sequence[Feature], known: Known) -> Sealed:
    """Lock what is known of a mistake with what it shows."""
    powers = tuple(_power(feature.numbers) for feature in shown if feature.numbers.size)
    digits = "".join(_digits(feature.numbers, power) for feature, power in zip(_numbered(shown), powers, strict=True))
    key = _key(shown, powers, digits)
    assert key is not None
    told = known.told
    words = zlib.compress(json.dumps([told.id, told.says, told.part, known.predicate]).encode(), 9)
    tag = _tag(key, words)
    return Sealed(powers, digits, tag, _locked(words, key, tag))


def opened(sealed: Sealed, shown: Sequence[Feature]) -> Known | None:
    """What was sealed, if this is what the mistake shows."""
    key = _key(shown, sealed.powers, sealed.digits)
    if key is None:
        return None
    words = _locked(sealed.words, key, sealed.tag)
    if _tag(key, words) != sealed.tag:
        return None
    *told, predicate = json.loads(zlib.decompress(words))
    return Known(Misconception(*told), predicate)


def said(outcomes: Sequence[CheckOutcome]) -> list[Feature]:
    """What an exercise's checks said themselves, in words that are the same for all who made the mistake. Nothing where
    one of them found a result that isn't what it should be, or an exception: the calls show that."""
    failed = [each for each in outcomes if each.status is not CheckStatus.PASSED]
    if any(each.status is not CheckStatus.FAILED or _is_of_a_result(each) for each in failed):
        return []
    return [Feature(f"{each.id} said {NUMBER.sub('#', each.finding.summary)}") for each in failed if each.finding]


def _is_of_a_result(outcome: CheckOutcome) -> bool:
    return outcome.finding is None or any(label in ("expected", "raised") for label, _ in outcome.finding.facts)


def sealed_json(sealed: Sealed) -> list[Any]:
    """For a file."""
    binary = [base64.b64encode(part).decode() for part in (sealed.tag, sealed.words)]
    return [list(sealed.powers), sealed.digits, *binary]


def from_json(data: Any) -> Sealed:
    """The same read back. Raises `ValueError` or `TypeError` for anything else."""
    powers, digits, tag, words = data
    return Sealed(tuple(map(int, powers)), str(digits), base64.b64decode(tag), base64.b64decode(words))


def _numbered(shown: Sequence[Feature]) -> list[Feature]:
    return [feature for feature in shown if feature.numbers.size]


def _power(numbers: np.ndarray[Any, Any]) -> int:
    """The power of two above the largest finite number."""
    finite = numbers[np.isfinite(numbers)]
    return math.frexp(float(np.abs(finite).max(initial=0.0)))[1]


def _in_steps(numbers: np.ndarray[Any, Any], power: int) -> np.ndarray[Any, Any]:
    steps: np.ndarray[Any, Any] = np.ldexp(numbers, -power) / STEP
    return steps


def _digits(numbers: np.ndarray[Any, Any], power: int) -> str:
    """For each number the tenths of a step that bring it to the middle of one; 0 for what is not finite."""
    with np.errstate(invalid="ignore"):
        parts = _in_steps(numbers, power) % 1.0
    return "".join(str(round((0.5 - part) * 10) % 10) if math.isfinite(part) else "0" for part in parts)


def _key(shown: Sequence[Feature], powers: Sequence[int], digits: str) -> bytes | None:
    """The key; None when there are more or fewer numbers than digits."""
    numbered = _numbered(shown)
    if len(numbered) != len(powers) or sum(feature.numbers.size for feature in numbered) != len(digits):
        return None
    parts = [feature.text for feature in shown]
    at = 0
    for feature, power in zip(numbered, powers, strict=True):
        shifts = np.array([int(digit) for digit in digits[at : at + feature.numbers.size]]) / 10
        at += feature.numbers.size
        with np.errstate(invalid="ignore"):
            steps = np.floor(_in_steps(feature.numbers, power) + shifts)
        parts.append(" ".join(f"{step + 0.0:.0f}" for step in steps))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()


def _tag(key: bytes, words: bytes) -> bytes:
    return hashlib.sha256(b"tag" + key + words).digest()[:_TAG]


def _locked(words: bytes, key: bytes, tag: bytes) -> bytes:
    """Lock, or unlock: the words, each byte changed by one drawn from key and tag."""
    stream = hashlib.shake_256(b"words" + key + tag).digest(len(words))
    return bytes(one ^ other for one, other in zip(words, stream, strict=True))


class KnownMistakes:
    """The sealed mistakes of the lesson in `folder`. A lesson without them, or with damaged ones, knows none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / SEALED
        self._exercises: dict[str, Any] | None = None

    def made_in(
        self,
        exercise: str,
        asked: Sequence[CallRecord],
        node: ast.AST | None,
        outcomes: Sequence[CheckOutcome] = (),
    ) -> Misconception | None:
        """The mistake that opens to what a learner's function showed in all calls of an exercise's checks and to what
        these said of it, or else to the first alone; before both, the one of these that is written in its definition, a
        node. Whatever goes wrong, none is."""
        try:
            known = self._read()[exercise]
            looked = {(check, number): set(aspects) for check, number, aspects in known["looked"]}
            seen = shown(asked, looked)
            if not seen:
                return None
            sealed, says = [from_json(one) for one in known["sealed"]], said(outcomes)
            alone = [each for one in sealed if (each := opened(one, seen))]
            told = [each for one in sealed if says and (each := opened(one, [*seen, *says]))]
            found = [*told, *(each for each in alone if each.is_written or not told)]
            match = unique_match({each.told.id: each for each in found}.values(), node)
            return match.told if match else None
        except Exception:
            return None

    def signature(self, exercise: str, function: str) -> Signature | None:
        """The signature that the exercise gives its function; None where it isn't known."""
        try:
            return signature_of(f"def {self._read()[exercise]['signature']}: 0", function)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _read(self) -> dict[str, Any]:
        if self._exercises is None:
            self._exercises = json.loads(self._path.read_text(encoding="utf-8"))["exercises"]
        return self._exercises
