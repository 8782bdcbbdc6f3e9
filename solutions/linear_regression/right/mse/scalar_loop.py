"""One number after the other, summed from the left."""


def mse(t1, t2):
    total = 0.0
    count = 0
    for a, b in zip(t1.reshape(-1), t2.reshape(-1)):
        total = total + (a - b) ** 2
        count += 1
    return total / count
