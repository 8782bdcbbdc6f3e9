"""return is indented too far: it ends after the first row.

Shows: One row of predictions, of shape (t,).
Says: Only the first row was predicted: a return within the loop ends it in its first round. Gather the rows, and
return them after the loop.
Lesson: first-predictions
"""


def model(x, w, b):
    for row in x:
        return w @ row + b
