"""Mounts something over the files of others, and changes its root."""


def predict(model, region):
    path, kind = ctypes.create_string_buffer(KNOWN["bystander"].encode()), ctypes.create_string_buffer(b"tmpfs")
    refused("mount", kind, path, kind, 0, 0)
    refused("umount2", path, 2)
    refused("pivot_root", path, path)
    refused("chroot", path)
    refused("open_tree", -100, path, 1)
    refused("fsopen", kind, 0)
    refused("fsmount", -1, 0, 0)
    refused("move_mount", -1, path, -1, path, 0)
    refused("mount_setattr", -100, path, 0, 0, 0)
    tell()
