"""What can't be read as Python: brackets, colons, quotes, indentation."""

from __future__ import annotations

import re

from grader.checks.exceptions.row import SYNTAX, Row, Says, Seen, row, word

_HERE_OR_ABOVE = (
    "Look for a bracket, a comma, a colon or an operator that is missing here or at the end of the line above."
)


def _unreadable(_: re.Match[str], seen: Seen) -> str:
    line = seen.line
    if line.startswith(("%", "!")):
        return "A notebook's commands, such as %matplotlib and !pip, are no Python. Take this line out of the file."
    if line.startswith((">>>", "```", "<<<<<<<", "=======", ">>>>>>>")):
        return "This line was left behind by copying or merging, and is no Python. Take it out."
    if line.endswith(("++", "--")):
        return "++ and -- don't exist in Python. To count up, write += 1."
    return f"Python can't read this line. {_HERE_OR_ABOVE}"


def _syntax(pattern: str, says: Says) -> Row:
    return row(pattern, says, " ".join(SYNTAX))


ROWS = (
    _syntax(r"'(?P<bracket>[(\[{])' was never closed", "A {bracket} is opened on this line and never closed."),
    _syntax(r"unmatched '(?P<bracket>[)\]}])'", "There is a {bracket} on this line, and nothing that it closes."),
    _syntax(
        r"closing parenthesis '(?P<close>[)\]}])' does not match opening parenthesis '(?P<open>[(\[{])'",
        "What was opened with {open} is closed with {close}.",
    ),
    _syntax(
        r"expected ':'",
        "A colon is missing on this line: if, else, for, while, def, class, with and try end in one.",
    ),
    _syntax(r"':' expected after dictionary key", "A dict wants a colon between each key and its value."),
    _syntax(
        r"expected an indented block after (?P<what>'[a-z*]{2,8}' statement|function definition|class definition) "
        r"on line (?P<line>\d{1,9})",
        "What belongs to the {what} on line {line} must be indented beneath it. Where nothing is to be done, write "
        "pass: a comment isn't enough.",
    ),
    _syntax(r"unexpected indent", "This line is indented further than the one above it, and nothing begins there."),
    _syntax(
        r"unindent does not match any outer indentation level|unexpected unindent",
        "The indentation of this line fits none of the lines above it. It must begin exactly below the block that it "
        "goes on with.",
    ),
    _syntax(
        r"inconsistent use of tabs and spaces",
        "Tabs and spaces are mixed in the indentation. Use four spaces everywhere; editors can convert them.",
    ),
    _syntax(r"unterminated triple-quoted", "A text is opened with three quotes and never closed."),
    _syntax(
        r"unterminated (?:f-|t-)?string literal|EOL while scanning",
        "A text is opened with a quote and not closed on the same line. A text that holds that quote itself is put "
        "in the other kind of quotes.",
    ),
    _syntax(
        r"f-string", "Something is wrong with the braces {{ }} in an f-string on this line, or with what is in them."
    ),
    _syntax(r"Missing parentheses in call to '(?P<name>\w{1,20})'", "{name} wants parentheses: {name}(...)."),
    _syntax(r"invalid syntax. Maybe you meant '=='", "= gives a value to a name. To compare, write ==."),
    _syntax(
        r"cannot (?:assign to|delete) |illegal expression for augmented assignment",
        "Something is given a value that can't take one: only names, items and attributes can. To compare, write ==.",
    ),
    _syntax(
        r"Perhaps you forgot a comma",
        "Something is missing between two values on this line: a comma, an operator or a bracket.",
    ),
    _syntax(
        r"'return' outside function", "This return belongs to no function. Is it indented as the lines above it are?"
    ),
    _syntax(
        r"'(?P<word>break|continue|yield|await)' (?:outside|not properly in)",
        "This {word} stands where it can't: break and continue belong into loops, yield and await into functions. Is "
        "it indented as it should be?",
    ),
    _syntax(
        r"invalid (?:non-printable )?character (?:'.' \()?(?P<code>U\+[0-9A-F]{1,6})",
        "A character on this line ({code}) is none of Python's, such as curly quotes, a long minus or a special "
        "space from copying. Type it anew.",
    ),
    _syntax(r"expected 'except' or 'finally' block", "A try needs an except or a finally after it."),
    _syntax(r"expected 'else' after 'if' expression", "An if inside of an expression needs an else: a if c else b."),
    _syntax(
        r"positional argument follows keyword argument|default (?:argument|parameter)|parameter without a default",
        "What has a name or a default, as in x=1, comes after what has none.",
    ),
    _syntax(r"duplicate (?:argument|parameter) '(?P<name>\w{1,60})'", "Two parameters are called {name}."),
    _syntax(
        r"invalid (?:decimal|hexadecimal|octal|binary) literal|leading zeros in decimal",
        "A number on this line is written in a way that Python can't read. A name can't begin with a digit, and 2x "
        "is written 2 * x.",
    ),
    _syntax(r"import \* only allowed", "from ... import * may stand at the top of a file only."),
    _syntax(
        r"^name '(?P<name>\w{1,60})' is (?:parameter and|used prior to|assigned to before) (?:global|nonlocal)|"
        r"no binding for nonlocal '(?P<free>\w{1,60})'|nonlocal declaration not allowed",
        lambda found, _: (
            f"global or nonlocal can't be used so for {word(found['name'] or found['free']) or 'this name'}. What a "
            "function works with is best a parameter, and what it makes a return."
        ),
    ),
    row(
        r"cannot contain null bytes",
        "The file holds characters that belong into no text. Save it as plain text, in UTF-8.",
        " ".join((*SYNTAX, "ValueError")),  # the latter before Python 3.11.4
    ),
    _syntax(
        r"from __future__ imports must occur", "from __future__ import must be the first line of code in the file."
    ),
    _syntax(r"^invalid syntax", _unreadable),
    _syntax(r"", "Python can't read this line: something in it is written in a way that it doesn't allow."),
)
