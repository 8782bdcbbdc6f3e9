"""Opens files until there are no more."""


def predict(model, region):
    held = []
    try:
        for _ in range(5000):
            held.append(os.open("/dev/null", os.O_RDONLY))
        succeeded("5000 files are open")
    except OSError as error:
        _note(errno.errorcode[error.errno])
    for each in held:
        os.close(each)
    tell()
