"""Results for other systems: a module for each receiver, all from the same records.

`formats` lists them, `roster` says who is who there, `autograder` is our grader as Gradescope's.
"""
