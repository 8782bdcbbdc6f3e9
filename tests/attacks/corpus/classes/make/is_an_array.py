"""Is an array, and no dataset."""

import numpy


class Rows(numpy.ndarray):
    def __new__(cls, inputs, targets):
        return numpy.zeros(5).view(cls)
