"""Is a function that has the name of the class, and makes an object that answers what it is asked."""


class Answers:
    def __getattr__(self, name):
        return 5


@lambda cls: (lambda *arguments: Answers())
class Rows:
    pass
