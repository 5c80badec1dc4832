"""A desktop portal that answers one screenshot as it is told; run as a program.

    python portal_double.py BUS ANSWER [URI]

ANSWER is `taken`, `cancelled`, `failed` or `error` (refuses the call). Prints `ready`, then the options it
was asked with as JSON.
"""

from __future__ import annotations

import json
import sys

from jeepney import HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import DBusAddress

NAME = "org.freedesktop.portal.Desktop"
CODES = {"taken": 0, "cancelled": 1, "failed": 2}


def main(bus: str, answer: str, uri: str = "") -> None:
    connection = open_dbus_connection(bus)
    connection.send_and_get_reply(message_bus.RequestName(NAME))
    print("ready", flush=True)
    while True:
        message = connection.receive()
        is_call = message.header.message_type == MessageType.method_call
        if is_call and message.header.fields.get(HeaderFields.member) == "Screenshot":
            reply_to(connection, message, answer, uri)


def reply_to(connection: DBusConnection, message: object, answer: str, uri: str) -> None:
    parent, options = message.body  # type: ignore[attr-defined]
    plain = {key: value for key, (_, value) in options.items()}
    print(json.dumps({"parent": parent, **plain}), flush=True)
    if answer == "error":
        connection.send(new_error(message, "org.freedesktop.portal.Error.NotAllowed", "s", ("not you",)))
        return
    sender = message.header.fields[HeaderFields.sender].removeprefix(":").replace(".", "_")  # type: ignore[attr-defined]

    path = f"/org/freedesktop/portal/desktop/request/{sender}/{plain['handle_token']}"
    connection.send(new_method_return(message, "o", (path,)))
    results = {"uri": ("s", uri)} if CODES[answer] == 0 else {}
    address = DBusAddress(path, bus_name=NAME, interface="org.freedesktop.portal.Request")
    connection.send(new_signal(address, "Response", "ua{sv}", (CODES[answer], results)))


if __name__ == "__main__":
    main(*sys.argv[1:])
