"""Grade the grader: what is known to be right or wrong, and slips of the hand, tried on the hidden checks."""
