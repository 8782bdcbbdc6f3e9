"""Makes namespaces, in which it would be root, or enters those of others."""


def predict(model, region):
    for flag in (
        0x10000000,
        0x00020000,
        0x20000000,
        0x40000000,
        0x08000000,
        0x04000000,
        0x02000000,
        0x00000080,
        0x200,
        0x400,
    ):
        refused("unshare", flag)
        refused("clone", flag | 0x10000, 0, 0, 0, 0)  # which no kernel would do, but only a filter refuses as such
        refused("setns", 1, flag)
    tell()
