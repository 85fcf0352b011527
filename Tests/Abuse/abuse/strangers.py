"""Other protocols at the door: one answer, the same for all, and not one of their lines run as a request."""

import ssl

from .cases import case
from .tls import hello_of, raw
from .wire import Wire, address

#: What each protocol sends first, and then what it would send next: nothing of it may be answered but with one BYE.
OPENINGS = {
    "HTTP GET": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP POST of requests": b"POST / HTTP/1.1\r\nContent-Length: 30\r\n\r\nLOGIN bich <\r\nchuyen-de-2025\r\nPUSH 2025-1 <\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP of an unknown method": b"FROB /LIST HTTP/1.0\r\n\r\nPING\r\n",
    "HTTP after an empty line": b"\r\nGET / HTTP/1.1\r\n\r\nPING\r\n",
    "SMTP": b"EHLO example\r\nMAIL FROM:<a@b>\r\nPING\r\n",
    "SMTP, old": b"HELO example\r\nPING\r\n",
    "LMTP": b"LHLO example\r\nPING\r\n",
    "IRC": b"NICK abc\r\nUSER abc 0 * :abc\r\nPING\r\n",
    "IRC, new": b"CAP LS 302\r\nNICK abc\r\nPING\r\n",
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\nPING\r\n",
    "IMAP": b"A001 CAPABILITY\r\nPING\r\n",
    "Redis": b"*1\r\n$4\r\nPING\r\n",
    "Redis, inline": b"*2\r\n$3\r\nGET\r\n$1\r\na\r\nPING\r\n",
    "TLS in TLS": None,
    "SIP": b"OPTIONS sip:a@b SIP/2.0\r\nPING\r\n",
    "RTSP": b"OPTIONS * RTSP/1.0\r\nPING\r\n",
}


@case("strangers", "HTTP, SMTP, IRC, SSH, IMAP, Redis, SIP and TLS inside TLS; the same without TLS", 16,
      "nothing is kept; the comments of the people meanwhile",
      seconds=1, quick=True)
def strangers(attack):
    for index, (name, octets) in enumerate(OPENINGS.items()):
        octets = octets or hello_of(attack.server.tls)
        for cut in (None, 1):
            with Wire(attack.server, source=address(index), seconds=5) as wire:
                if cut:
                    for octet in octets:
                        try:
                            wire.send(bytes([octet]))
                        except (OSError, ssl.SSLError):
                            break
                else:
                    wire.send(octets)
                said = wire.rest()
            good = len(said) == 1 and said[0].startswith("BYE ABUSE")
            attack.count("BYE ABUSE" if good else f"{name}: {said[:2]}")
            attack.expect(good, f"{name}: {said[:3]}")
    for name, octets in OPENINGS.items():
        if octets:
            got = raw(attack, octets, address(30), seconds=12)
            attack.expect(got is not None and b"HELLO" not in got, f"{name} without TLS: {got}")
            attack.count("without TLS: closed" if got is not None else "without TLS: open")
