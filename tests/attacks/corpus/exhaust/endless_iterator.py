"""Consumes an iterator without end, in C.

status = ["timed_out"]
words = "second"
"""

import collections
import itertools


def predict(model, region):
    collections.deque(itertools.count(), maxlen=0)
