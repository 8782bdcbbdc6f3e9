"""Raises a message whose characters change their order, hide, or can't be told apart.

words = "u202e"
"""


def predict(model, region):
    raise ValueError("score \u202e03 :erocs\u202c \u2066\u2069 \u200b\u200f \ufeff \u2028 \u2029 \U000e0041 \u0430bc")
