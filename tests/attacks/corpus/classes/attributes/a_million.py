"""Has a million attributes.

searched = true
"""


class Rows(Dataset):
    def __init__(self, inputs, targets):
        self.__dict__.update({f"x{number}": number for number in range(10**6)})

    def __len__(self):
        return 4
