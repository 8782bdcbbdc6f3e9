"""Advice about devices: a function that passed on the CPU, but would mix devices on a GPU. Never about points."""

from __future__ import annotations

from dataclasses import replace

from grader.grading.child import ChildEnded
from grader.grading.remote import RemoteTransport
from grader.grading.session import Session
from grader.wire.messages import Call, Raised
from grader.worker.pretend import MIXED


def device_advice(session: Session, transport: RemoteTransport, call: Call) -> tuple[str, ...]:
    """Run a call again on pretended cuda tensors. Whatever can't be pretended is unknown, and nothing is said."""
    try:
        outcome = session.ask(replace(call, pretend=True, then=None)).outcome
    except ChildEnded:
        return ()  # autograd on pretended tensors ends the process on a machine without CUDA
    if isinstance(outcome, Raised):
        if outcome.type_name != MIXED:
            return ()
        where = f" ({transport.line_of(outcome.where[-1])})" if outcome.where else ""
        return (f"On a GPU this would mix devices: make new tensors on the device of the arguments{where}.",)
    if outcome.value == "cpu":
        return ("On a GPU this would move its result to the CPU: leave it on the device of the arguments.",)
    return ()
