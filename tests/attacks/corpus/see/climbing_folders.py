"""Goes up from its working folder to the root of all files, and lists what is there."""


def predict(model, region):
    for depth in range(8):
        place = "../" * depth or "."
        if depth:
            tried(place, os.listdir, place)
            tried(f"into {place}", lambda place=place: os.listdir(os.open(place, os.O_RDONLY | os.O_DIRECTORY)))
    for place in ("/", "/home", "/root", "/tmp", "/etc", "/var", "/run", "/mnt", "/srv", "/opt", KNOWN["home"]):
        tried(place, os.listdir, place)
    if any(files for top, folders, files in os.walk("/home")):
        succeeded("files were found below /home")
    tell()
