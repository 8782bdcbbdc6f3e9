"""Phrases that must not be found in what a learner gets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from grader.release.phrases import Passage


class Secret(NamedTuple):
    """A phrase of code or of prose, what it is, and where it is from."""

    phrase: str
    kind: str
    source: str
    is_prose: bool = False

    def found_in(self, passage: Passage) -> str | None:
        """The place at which it stands in a passage, None when it doesn't."""
        return passage.words(is_prose=self.is_prose).place(self.phrase)


class Secrets:
    """Many of them, to be looked for at once."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._all = list(secrets)
        # By the longest word: most texts don't have it, and then the phrase isn't there.
        self._by_word: dict[bool, dict[str, list[int]]] = {True: defaultdict(list), False: defaultdict(list)}
        for number, secret in enumerate(self._all):
            self._by_word[secret.is_prose][max(secret.phrase.split(" "), key=len)].append(number)

    def found_in(self, passages: Iterable[Passage]) -> Iterator[tuple[str, Secret]]:
        """Where they stand first, in the order in which they were given; of each source only one."""
        found: dict[int, str] = {}
        for passage in passages:
            for is_prose, by_word in self._by_word.items():
                words = passage.words(is_prose=is_prose)
                for word in words.known & by_word.keys():
                    for number in by_word[word]:
                        if number not in found and (place := words.place(self._all[number].phrase)):
                            found[number] = place
        told: set[str] = set()
        for number, place in sorted(found.items()):
            if self._all[number].source not in told:
                told.add(self._all[number].source)
                yield place, self._all[number]
