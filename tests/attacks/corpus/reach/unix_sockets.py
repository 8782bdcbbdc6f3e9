"""Connects to sockets that are files, and to those that are only names."""

import socket


def predict(model, region):
    def connect(address):
        socket.socket(socket.AF_UNIX).connect(address)

    for address in (
        KNOWN["unix"],
        KNOWN["abstract"],
        "/var/run/docker.sock",
        "/run/dbus/system_bus_socket",
        "/dev/log",
    ):
        tried(address, connect, address)
    tried("a pair", socket.socketpair)
    tried("its name", lambda: socket.socket(socket.AF_UNIX).bind(f"\0{MARK}"))
    for number in range(3, 20):  # the one that it has, to others
        refused("sendmsg", number, 0, 0)
        tried(
            "another address",
            lambda number=number: socket.socket(fileno=os.dup(number)).sendto(b"x", KNOWN["abstract"]),
        )
    tell()
