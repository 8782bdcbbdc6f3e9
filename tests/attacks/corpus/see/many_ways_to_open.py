"""Opens a hidden check in every way that the libraries offer."""

import io
import linecache
import mmap
import runpy
import shelve
import sqlite3
import tokenize
import zipfile

import numpy


def predict(model, region):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.fopen.restype = ctypes.c_void_p
    for path in (
        KNOWN["secrets"][0],
        KNOWN["sibling"],
        KNOWN["results"] + "/earlier.txt",
        KNOWN["bystander"] + "/diary.txt",
    ):
        tried("open_code", io.open_code, path)
        tried("os.open", os.open, path, os.O_RDONLY | os.O_NOATIME)
        tried("tokenize", tokenize.open, path)
        tried("runpy", runpy.run_path, path)
        tried("fromfile", numpy.fromfile, path)
        tried("memmap", numpy.memmap, path)
        tried("loadtxt", numpy.loadtxt, path, dtype=str)
        tried("from_file", torch.from_file, path, size=10, dtype=torch.uint8)
        tried("torch.load", torch.load, path)
        tried("zipfile", zipfile.ZipFile, path)
        tried("sqlite", sqlite3.connect, f"file:{path}?mode=ro", uri=True)
        tried("CDLL", ctypes.CDLL, path)
        tried("execfile", lambda path=path: exec(open(path).read()))
        tried("scandir", os.scandir, os.path.dirname(path))
        tried("fd", lambda path=path: mmap.mmap(os.open(path, os.O_RDONLY), 0))
        tried("shelve", shelve.open, path, "r")
        if linecache.getlines(path) or libc.fopen(path.encode(), b"r"):
            succeeded(f"{path} was read")
    tell()
