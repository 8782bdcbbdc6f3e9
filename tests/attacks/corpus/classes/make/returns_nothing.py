"""Makes nothing where its object should be."""


class Rows(Dataset):
    def __new__(cls, inputs, targets):
        return None
