"""Reading an entry in the test's own process, by the code that otherwise runs in a process of its own."""

from __future__ import annotations

from dataclasses import replace

from grader.core.assignment import Assignment
from grader.grading.collect import gather
from grader.grading.submission import Entry, Submission, Unread
from grader.reading.reader import FactsAnswer, ReadAnswer, ReadRequest, facts_answer, read_request
from grader.sandbox.protocol.frames import decode_typed, encode_typed


def read_entry(entry: Entry | Unread, assignment: Assignment) -> Submission | Unread:
    """What an entry holds. Request and answers go through their frames, as they do on the wire."""
    assert isinstance(entry, Entry)
    gathered = gather(entry, assignment.limits)
    if isinstance(gathered, Unread):
        return gathered
    asked = ReadRequest(
        entry.path.name, gathered.is_folder, gathered.files, replace(assignment, due=None), entry.notebook
    )
    request = decode_typed(ReadRequest, encode_typed(asked))
    read = read_request(request)
    answer = decode_typed(ReadAnswer, encode_typed(read))
    if answer.reading is None:
        assert answer.not_read is not None
        return Unread(entry.student, answer.not_read.status, answer.not_read.sentence, gathered.digest)
    more = decode_typed(FactsAnswer, encode_typed(facts_answer(answer.reading, request)))
    reading = replace(answer.reading, alone={**answer.reading.alone, **more.alone})
    return Submission(entry.student, reading, more.facts, gathered.digest)


def unread(entry: Entry | Unread, assignment: Assignment) -> Unread:
    """What is said of an entry that can't be graded."""
    answer = read_entry(entry, assignment)
    assert isinstance(answer, Unread)
    return answer
