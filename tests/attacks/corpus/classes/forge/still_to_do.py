"""Says of every call that it is still to do, from lines that are not its own.

status = ["todo", "failed"]
"""


class Rows(Dataset):
    def __init__(self, inputs, targets):
        raise NotImplementedError("<b>NotImplementedError</b>\x1b")


class Scaler:
    def fit(self, x):
        exec(compile("\n" * 10**6 + "raise NotImplementedError", "objects.py", "exec"))

    apply = fit
