"""Free ports on loopback."""

import random
import socket

FIRST = 12000


def free_ports(count):
    """`count` different ports nobody listens on.

    They lie below the range the kernel takes ports of outgoing connections from: a server that is stopped for a fault test finds its
    port free again when it comes back, and a client that tries to reconnect meanwhile cannot be connected to itself.
    """
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as limits:
        ephemeral = int(limits.read().split()[0])
    last = ephemeral - 1 if ephemeral - FIRST > 1000 else 32767
    found = []
    for port in random.SystemRandom().sample(range(FIRST, last), last - FIRST):
        if len(found) == count:
            break
        if _is_free(port):
            found.append(port)
    return found


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
