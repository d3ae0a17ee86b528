"""Run in an environment of its own: python-telegram-bot with three handlers; nothing is stored.

It stands behind the bare handler's door, and its calls of the platform are answered on the spot:
what the platform costs is not measured.
"""

import json
import re
from itertools import count

from peer_door import Turn, serve
from peer_turn import PATTERNS, Author, log_to_stderr
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters
from telegram.request import BaseRequest

ME = {"id": 1, "is_bot": True, "first_name": "Sam", "username": "sam_bot"}


class Platform(BaseRequest):
    """Answers as the platform would, and keeps what was said to each chat."""

    said: dict[int, str] = {}

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        """There is nothing to close."""

    async def do_request(self, url, method, request_data=None, *_, **__) -> tuple[int, bytes]:
        if url.endswith("/getMe"):
            return 200, json.dumps({"ok": True, "result": ME}).encode()
        given = request_data.parameters
        chat = {"id": given["chat_id"], "type": "private"}
        self.said[given["chat_id"]] = given["text"]
        sent = {"message_id": 1, "date": 1, "chat": chat, "text": given["text"]}
        return 200, json.dumps({"ok": True, "result": sent}).encode()


def handler(author: Author, name: str) -> MessageHandler:
    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        await message.reply_text(author.turn(str(message.chat_id), name, message.text))

    return MessageHandler(filters.Regex(re.compile(PATTERNS[name], re.IGNORECASE)), answer)


async def prepare() -> Turn:
    platform = Platform()
    builder = Application.builder().token("1:x").request(platform)
    application = builder.get_updates_request(platform).updater(None).build()
    author = Author()
    for name in PATTERNS:
        application.add_handler(handler(author, name))
    await application.initialize()
    numbers, chats = count(1), {}

    async def turn(user_id: str, text: str) -> str:
        chat_id = chats.setdefault(user_id, len(chats) + 10)
        number = next(numbers)
        message = {
            "message_id": number,
            "date": 1_772_366_400,
            "chat": {"id": chat_id, "type": "private", "first_name": user_id},
            "from": {"id": chat_id, "is_bot": False, "first_name": user_id},
            "text": text,
        }
        given = {"update_id": number, "message": message}
        await application.process_update(Update.de_json(given, application.bot))
        return platform.said.pop(chat_id, "")

    return turn


if __name__ == "__main__":
    log_to_stderr()
    serve(prepare)
