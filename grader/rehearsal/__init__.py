"""Checks collected by pytest once, and run in this process: for many submissions, and on trusted implementations."""
