"""Which known mistake did a learner make? The bank of a lesson, and the comparison with it."""

from grader.diagnosis.bank import Bank, Implementation, Mistake, load_bank

__all__ = ["Bank", "Implementation", "Mistake", "load_bank"]
