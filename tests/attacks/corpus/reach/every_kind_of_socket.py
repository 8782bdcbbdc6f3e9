"""Makes sockets of every family: kernel events, encryption, virtual machines, radio, packets."""


def predict(model, region):
    for family in range(1, 46):
        for kind in (1, 2, 3, 5):
            refused("socket", family, kind, 0)
    tell()
