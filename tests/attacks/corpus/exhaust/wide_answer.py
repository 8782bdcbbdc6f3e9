"""Returns a small list that becomes enormous when it is written out.

status = ["failed", "crashed", "timed_out"]
"""


def predict(model, region):
    answer = [0.1] * 1000
    for _ in range(7):
        answer = [answer] * 1000
    return answer
