"""`pytest exercises --hand-in NAME`: what counts of a learner's work, as an archive that the grading takes."""
