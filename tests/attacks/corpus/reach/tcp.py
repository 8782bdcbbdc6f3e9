"""Connects to a server on this machine and elsewhere, and makes one of its own."""

import socket
import urllib.request


def predict(model, region):
    tried("connecting", socket.create_connection, ("127.0.0.1", KNOWN["tcp"]), 1)
    tried("elsewhere", socket.create_connection, ("192.0.2.1", 80), 1)
    tried("metadata", urllib.request.urlopen, "http://169.254.169.254/latest/meta-data", timeout=1)
    tried("serving", socket.create_server, ("127.0.0.1", 0))
    tried("six", socket.create_connection, ("::1", KNOWN["tcp"]), 1)
    tell()
