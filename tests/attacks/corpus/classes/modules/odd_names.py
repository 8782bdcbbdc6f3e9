"""Has parameters whose names can't be shown."""


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.linear = nn.Linear(features, classes)
        for name in ("<script>alert(1)</script>", "\x1b[2J\x1e", "\u202eabc", "a\nb\r\n\u2028c", "=cmd()", "\udfff"):
            self._parameters[name] = nn.Parameter(torch.zeros(2))

    def forward(self, images):
        return torch.zeros(len(images), 4)
