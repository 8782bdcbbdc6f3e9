"""What can't be read as Python, what only a newer Python reads, and what is not installed."""

from __future__ import annotations

import re
import sys

from grader.checks.explanations.row import NAME, SYNTAX, Row, Says, Seen, row, word

_HERE_OR_ABOVE = (
    "Look for a bracket, a comma, a colon or an operator that is missing here or at the end of the line above."
)


def _unreadable(_: re.Match[str], seen: Seen) -> str:
    line = seen.line
    if line.startswith(("%", "!")):
        return "A notebook's commands, such as %matplotlib and !pip, are not Python. Remove this line from the file."
    if line.startswith((">>>", "```", "<<<<<<<", "=======", ">>>>>>>")):
        return "This line is left over from copying or merging, and is not Python. Remove it."
    if line.endswith(("++", "--")):
        return "++ and -- don't exist in Python. To count up, write += 1."
    return f"Python can't read this line. {_HERE_OR_ABOVE}"


def _syntax(pattern: str, says: Says) -> Row:
    return row(pattern, says, " ".join(SYNTAX))


SYNTAX_ROWS = (
    _syntax(r"'(?P<bracket>[(\[{])' was never closed", "A {bracket} is opened on this line and never closed."),
    _syntax(r"unmatched '(?P<bracket>[)\]}])'", "There is a {bracket} on this line that closes nothing."),
    _syntax(
        r"closing parenthesis '(?P<close>[)\]}])' does not match opening parenthesis '(?P<open>[(\[{])'",
        "What was opened with {open} is closed with {close}.",
    ),
    _syntax(
        r"expected ':'",
        "A colon is missing on this line, or stands too late: if, else, for, while, def, class, with and try end in "
        "one. Else with a condition is elif.",
    ),
    _syntax(r"':' expected after dictionary key", "A dict wants a colon between each key and its value."),
    _syntax(
        r"expected an indented block after (?P<what>'[a-z*]{2,8}' statement|function definition|class definition) "
        r"on line (?P<line>\d{1,9})",
        "What belongs to the {what} on line {line} must be indented beneath it. Where nothing is to be done, write "
        "pass: a comment isn't enough.",
    ),
    _syntax(r"unexpected indent", "This line is indented too far: no block begins above it."),
    _syntax(
        r"unindent does not match any outer indentation level|unexpected unindent",
        "The indentation of this line matches no line above it. Start it exactly below the block it belongs to.",
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
        r"'return' outside function", "This return is outside any function. Is it indented like the lines above it?"
    ),
    _syntax(
        r"'(?P<word>break|continue|yield|await)' (?:outside|not properly in)",
        "This {word} stands where it can't: break and continue belong into loops, yield and await into functions. Is "
        "it indented as it should be?",
    ),
    _syntax(
        r"invalid (?:non-printable )?character (?:'.' \()?(?P<code>U\+[0-9A-F]{1,6})",
        "Python doesn't know a character on this line ({code}), such as a curly quote, a long minus or a special "
        "space from copying. Type it again.",
    ),
    _syntax(r"expected 'except' or 'finally' block", "A try needs an except or a finally after it."),
    _syntax(r"expected 'else' after 'if' expression", "An if inside of an expression needs an else: a if c else b."),
    _syntax(
        r"positional argument follows keyword argument|default (?:argument|parameter)|parameter without a default",
        "Arguments with a name or a default, as in x=1, come after those without.",
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
            f"global or nonlocal can't be used like this for {word(found['name'] or found['free']) or 'this name'}. "
            "Pass values in as parameters, and return the results."
        ),
    ),
    row(
        r"cannot contain null bytes",
        "The file holds characters that don't belong in a text file. Save it as plain text, in UTF-8.",
        " ".join((*SYNTAX, "ValueError")),  # the latter before Python 3.11.4
    ),
    _syntax(
        r"from __future__ imports must occur", "from __future__ import must be the first line of code in the file."
    ),
    _syntax(r"^invalid syntax", _unreadable),
    _syntax(r"", "Python can't read this line: something in it is not allowed in Python."),
)


_THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
_WORDS = ("if", "else", "and", "or", "not", "in", "is", "for")
# When Python's own library got what people import by name.
_SINCE = {
    "3.12": """itertools.batched math.sumprod typing.override typing.TypeAliasType random.binomialvariate
        collections.abc.Buffer inspect.markcoroutinefunction calendar.Month calendar.Day""",
    "3.13": """copy.replace math.fma warnings.deprecated typing.ReadOnly typing.TypeIs typing.NoDefault
        typing.get_protocol_members typing.is_protocol queue.ShutDown os.process_cpu_count dbm.sqlite3""",
    "3.14": "annotationlib string.templatelib compression compression.zstd concurrent.interpreters pathlib.types",
}
_NEW = {name: version for version, names in _SINCE.items() for name in names.split()}


def is_newer(version: str) -> bool:
    """Whether a version of Python, as `3.12`, is newer than the one that runs."""
    return tuple(map(int, version.split("."))) > sys.version_info[:2]


def _needs(what: str, version: str, instead: str = "") -> str:
    """What is said of it; nothing where this Python is new enough."""
    if not is_newer(version):
        return ""
    return f"{what} needs Python {version} or later, and this was run by Python {_THIS}. {instead}".rstrip()


def _newer_syntax(_: re.Match[str], seen: Seen) -> str:
    line, message = seen.line, re.sub(r"^(?:cell \d+, )?line \d+: ", "", seen.message)
    if message.startswith("f-string expression part cannot include a backslash"):
        return _needs("A backslash within the braces of an f-string", "3.12", "Give what is in them a name before.")
    if message.startswith("f-string expression part cannot include '#'"):
        return _needs("A comment within the braces of an f-string", "3.12")
    if message.startswith("f-string") and "quotes" in _strings(line):
        return _needs("An f-string with its own kind of quotes within its braces", "3.12", "Use the other kind there.")
    if message.startswith("invalid syntax") and "t" in _strings(line):
        return _needs("A text that begins with t before its quotes", "3.14", "An f-string begins with f.")
    if message.startswith("invalid syntax") and re.match(r"type +\w+ *(?:=[^=]|\[)", line):
        return _needs("A line that begins with type and a name", "3.12", "Leave the word type out.")
    generic = re.match(
        r"(?:(?:async +)?def|(?P<class>class)) +\w+ *\[(?P<between>[^\]()]{1,200})\] *(?:\(|(?(class):|\())", line
    )
    if generic and message.startswith(("invalid syntax", "expected '('")):
        version = "3.13" if "=" in generic["between"] else "3.12"
        return _needs("A def or class with square brackets behind its name", version, "Leave the brackets out.")
    if message.startswith("multiple exception types must be parenthesized") and not re.search(r"\bas\b", line):
        return _needs("Several exceptions behind except without parentheses", "3.14", "Write except (A, B): instead.")
    return ""


def _strings(line: str) -> set[str]:
    """What a line's texts have, as Python 3.12 reads them: "quotes" where an f-string that ends on this line has its
    own kind of quotes within its braces, "t" where one is a t-string."""
    found: set[str] = set()
    at = 0
    while at < len(line) and line[at] != "#":
        if line[at] in "'\"":
            end = _past_string(line, at, found, 0)
            if end < 0:
                break
            at = end
        else:
            at += 1
    return found


def _prefix(line: str, quote_at: int) -> str:
    letters = re.search(r"\w*$", line[max(0, quote_at - 20) : quote_at])
    return letters[0].lower() if letters else ""


def _past_string(line: str, at: int, found: set[str], depth: int) -> int:
    """Where the text ends whose quotes begin here; -1 when it doesn't."""
    quotes = line[at] * 3 if line.startswith(line[at] * 3, at) else line[at]
    prefix = _prefix(line, at)
    if prefix in ("t", "tr", "rt"):
        found.add("t")
    at += len(quotes)
    own_quotes = False
    while at < len(line):
        if line.startswith(quotes, at):
            if own_quotes:
                found.add("quotes")
            return at + len(quotes)
        if line[at] == "\\":
            at += 2
        elif line[at] == "{" and prefix in ("f", "fr", "rf", "t", "tr", "rt") and not line.startswith("{{", at):
            at, same = _past_braces(line, at + 1, quotes, found, depth + 1)
            if at < 0:
                return -1
            own_quotes = own_quotes or same
        else:
            at += 2 if line.startswith("{{", at) else 1
    return -1


def _past_braces(line: str, at: int, quotes: str, found: set[str], depth: int) -> tuple[int, bool]:
    """Where a brace is closed (-1 when it isn't, or holds what is no expression), and whether the quotes of the text
    around it are within."""
    same, brackets = False, 0
    while at < len(line) and depth < 20:
        character = line[at]
        if character in "'\"":
            before = line[max(0, at - 60) : at].rstrip()
            last = re.search(r"\w+$", before)
            if before.endswith((")", "]", "}")) or (
                last and last[0].lower() not in (*_WORDS, "f", "r", "b", "fr", "rf")
            ):
                return -1, False  # nothing stands between a value and this text: a brace was forgotten before
            same = same or line.startswith(quotes, at)
            at = _past_string(line, at, found, depth)
            if at < 0:
                return -1, False
            continue
        if character == "}" and not brackets:
            return at + 1, same
        brackets += (character in "([{") - (character in ")]}")
        at += 1
    return -1, False


def _not_in_module(found: re.Match[str], _: Seen) -> str:
    name = f"{found['module']}.{found['name']}"
    return _needs(word(name), _NEW[name]) if name in _NEW else ""


def _no_module(found: re.Match[str], _: Seen) -> str:
    name = found["name"]
    return _needs(f"The module {word(name)}", _NEW[name]) if name in _NEW else ""


NEWER_ROWS = (
    row(r"", _newer_syntax, " ".join(SYNTAX)),
    row(rf"^cannot import name '(?P<name>\w{{1,60}})' from '(?P<module>{NAME})'", _not_in_module, types="ImportError"),
    row(rf"^module '(?P<module>{NAME})' has no attribute '(?P<name>\w{{1,60}})'", _not_in_module),
    row(rf"^No module named '(?P<name>{NAME})'", _no_module, types="ModuleNotFoundError"),
    row(
        rf"^(?P<what>{NAME}(?:, which {NAME} needs,)?) is not installed (?P<where>here|where this is graded)$",
        lambda found, _: (
            f"{word(found['what'])} is not installed {found['where']}, and this line uses it. Your code may use "
            "torch, NumPy and Python's own modules: do without the rest here."
        ),
        types="ModuleNotFoundError",
    ),
)
