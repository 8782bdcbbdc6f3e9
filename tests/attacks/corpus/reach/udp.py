"""Sends packets."""

import socket


def predict(model, region):
    def send(family, kind, address):
        socket.socket(family, kind).sendto(b"secret", address)

    tried("here", send, socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", KNOWN["udp"]))
    tried("far", send, socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 53))
    tried("raw", send, socket.AF_INET, socket.SOCK_RAW, ("127.0.0.1", 0))
    tried("a name", socket.getaddrinfo, "example.com", 80)
    tell()
