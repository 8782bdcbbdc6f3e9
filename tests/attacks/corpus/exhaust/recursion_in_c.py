"""Prints, compares and copies a list that is nested a hundred thousand times.

status = ["crashed", "failed"]
"""

import copy
import pickle


def predict(model, region):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    for action in (repr, copy.deepcopy, pickle.dumps):
        try:
            action(nested)
        except RecursionError:
            continue
    return nested
