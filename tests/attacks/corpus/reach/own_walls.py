"""Takes its own walls down: the filter, the rules, what happens when its parent dies."""


def predict(model, region):
    for option, value in (
        (1, 0),
        (4, 1),
        (8, 1),
        (22, 2),
        (23, 21),
        (24, 21),
        (28, 0),
        (31, 1),
        (33, 1),
        (35, 1),
        (36, 1),
        (59, 0),
    ):
        refused("prctl", option, value, 0, 0, 0)
    refused("prctl", 0x59616D61, -1, 0, 0, 0)  # PR_SET_PTRACER
    refused("prctl", 47, 2, 0, 0, 0)  # PR_CAP_AMBIENT
    for operation in range(4):
        refused("seccomp", operation, 0, 0)
    refused("landlock_restrict_self", -1, 0)
    refused("personality", 0xFFFFFFFF)
    refused("arch_prctl", 0x1012, 0)  # no more CPUID
    refused("lsm_set_self_attr", 0, 0, 0, 0)
    refused("setsid")
    tell()
