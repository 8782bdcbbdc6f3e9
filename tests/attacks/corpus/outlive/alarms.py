"""Sets an alarm that raises an exception at some later moment, in whatever runs then.

spoils = ["model", "mse", "gradient_step", "train"]
"""

import signal


def later(number, frame):
    raise KeyboardInterrupt


def to_tensors(inputs, targets):
    signal.signal(signal.SIGALRM, later)
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    return inputs, targets
