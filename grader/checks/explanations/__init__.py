"""Exceptions in plain words: from an exception's type, message and stage to a sentence for the learner.

A row of a table has a pattern for the message and the sentence to say: what happened, and what to do. The rows know
Python and torch, and no lesson. The first row that fits is said; where none fits, nothing is. A message is the
learner's own to write, so a sentence takes nothing from it but names and numbers, and those cut short.
"""
