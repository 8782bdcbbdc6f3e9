"""From one model to the other without a file, whose size is then 0."""


def save_and_load(model, fresh, file):
    fresh.load_state_dict(model.state_dict())
    file.seek(0, 2)
    return file.tell()
