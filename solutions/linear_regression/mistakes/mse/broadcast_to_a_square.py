"""A column minus a row.

Shows: Every element of one with every element of the other: too large as a rule.
Says: Every element was compared with every other, not each with its partner: a column minus a row gives a whole
table. Leave both tensors in the shape they have.
Lesson: the-loss
"""


def mse(t1, t2):
    diff = t1.reshape(-1, 1) - t2.reshape(-1)
    return (diff**2).mean()
