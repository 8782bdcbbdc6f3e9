"""What keeps somebody from handing in, as a sentence."""

from __future__ import annotations


class HandInError(Exception):
    """Nothing can be handed in as asked; the text is for the learner and says what to do."""
