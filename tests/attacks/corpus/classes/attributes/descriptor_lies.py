"""Has methods that are descriptors, each with another answer when it is asked again."""


class Changing:
    answers = [5, "5", True, 5.0, [5], lambda *arguments: "5", lambda *arguments: 5.0]

    def __get__(self, owner, kind):
        self.answers.append(self.answers.pop(0))
        return self.answers[0]


class Rows(Dataset):
    def __init__(self, inputs, targets):
        pass

    __len__ = __getitem__ = Changing()
