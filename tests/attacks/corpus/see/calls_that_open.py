"""Opens files with system calls that few know."""


def predict(model, region):
    path = KNOWN["secrets"][0].encode()
    how = ctypes.create_string_buffer(24)
    refused("openat2", -100, path, how, 24)
    refused("name_to_handle_at", -100, path, how, how, 0)
    refused("open_by_handle_at", -100, how, 0)
    refused("inotify_init1", 0)
    refused("fanotify_init", 0, 0)
    refused("statmount", 0, 0, 0, 0)
    refused("listmount", 0, 0, 0, 0)
    refused("readahead", 0, 0, 0)
    refused("cachestat", 0, 0, 0, 0)
    refused("open_tree", -100, path, 0)
    tell()
