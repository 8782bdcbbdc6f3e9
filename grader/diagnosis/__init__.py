"""Which known mistake did a learner make? The bank of a lesson, and the comparison with it."""

from grader.diagnosis.advise import advice
from grader.diagnosis.bank import Bank, Implementation, Mistake, load_bank, reference
from grader.diagnosis.diagnose import Diagnosis

__all__ = ["Bank", "Diagnosis", "Implementation", "Mistake", "advice", "load_bank", "reference"]
