"""Frames and plain values between the grader and a learner's process. Standard library only, and nothing of ours.

Both ends use it; neither trusts what it reads. A frame is malformed or it is data: nothing that crosses is ever
executed, imported or unpickled.
"""
