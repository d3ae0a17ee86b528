"""A WebSocket client without manners: it may stop reading, break off, or never answer a ping."""

import asyncio
import json
import socket
import struct
from typing import Any

TEXT = 0x81  # a whole text frame
MASKED = 0x80
UPGRADE = (
    "GET /widget/socket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)


class RawSocket:
    """What the service's socket looks like to somebody who holds the bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, frame: dict[str, Any]) -> None:
        """One frame, masked with zeros: the bytes stay as they are."""
        self.writer.write(packed(json.dumps(frame).encode()))

    async def frame(self) -> tuple[int, bytes]:
        """The next frame as (opcode, payload)."""
        head = await self.reader.readexactly(2)
        length = head[1] & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", await self.reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", await self.reader.readexactly(8))
        return head[0] & 0x0F, await self.reader.readexactly(length)

    async def told(self) -> dict[str, Any]:
        """The next text frame."""
        while True:
            opcode, payload = await self.frame()
            if opcode == 1:
                return json.loads(payload)

    def abort(self) -> None:
        """Reset the connection."""
        self.writer.transport.abort()


def packed(payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return struct.pack(">BB4x", TEXT, MASKED | size) + payload
    return struct.pack(">BBH4x", TEXT, MASKED | 126, size) + payload


async def dial(port: int, token: str, after: int = 0, receive_bytes: int = 0) -> RawSocket:
    """A socket that has said hello and was welcomed; `receive_bytes`: a small window."""
    plain = socket.socket()
    if receive_bytes:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    plain.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", port))
    limit = receive_bytes or 65_536
    reader, writer = await asyncio.open_connection(sock=plain, limit=limit)
    made = RawSocket(reader, writer)
    writer.write(UPGRADE.format(port=port).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101"), head
    made.send({"type": "hello", "token": token, "after": after})
    ready = await made.told()
    assert ready["type"] == "ready", ready
    return made
