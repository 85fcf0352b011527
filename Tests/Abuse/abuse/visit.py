"""One person with the right password at a machine of their own: a process apart, so that it does not wait for the attacker.

    python3 -m abuse.visit PORT CA SOURCE PERSON PASSWORD SECONDS

Tries as the bundled client does: again after the time that NO BUSY asks for, with a new connection when it was closed.
Prints `seconds=… tries=… said=…`; without seconds when they did not get in."""

import re
import sys
import time

from .wire import Ended, Wire, contexts


class Door:
    def __init__(self, port, authority):
        self.port = int(port)
        self.tls = contexts(authority)


def main():
    port, authority, source, person, password, limit = sys.argv[1:]
    door = Door(port, authority)
    began, tries, said, wire = time.monotonic(), 0, "", None
    while time.monotonic() < began + float(limit):
        try:
            wire = wire or Wire(door, source=source, seconds=float(limit))
            tries += 1
            said = wire.ask(f"LOGIN {person} <\n{password}\n")[-1]
            if said.startswith("OK"):
                print(f"seconds={time.monotonic() - began:.3f} tries={tries}")
                wire.ask("LOGOUT\n")
                return
        except (OSError, Ended) as error:
            said = f"{type(error).__name__} {error}"
            wire = None
        after = re.search(r"after=(\d+)", said)
        time.sleep(int(after.group(1)) / 1000 if after else 1)
    print(f"tries={tries} said={said[:100]}")


main()
