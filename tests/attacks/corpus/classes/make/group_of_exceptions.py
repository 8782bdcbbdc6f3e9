"""Raises thousands of exceptions in one, each the cause of another."""


class Scaler:
    def __init__(self):
        error = ValueError("first")
        for number in range(2000):
            another = ExceptionGroup("x" * 100, [error, ValueError(number)]) if number % 2 else ValueError(error.args[0])
            another.__cause__ = another.__context__ = error
            error = another
        raise error
