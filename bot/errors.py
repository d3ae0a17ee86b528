"""The five families of errors, each with a code and an HTTP status."""

from collections.abc import Sequence


class BotError(Exception):
    """The root of every error this service raises on purpose."""

    code = "internal"
    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AuthorError(BotError):
    """Authored files hold mistakes; `mistakes` lists all of them, never the first only."""

    code = "bad_catalog"
    status = 500

    def __init__(self, mistakes: Sequence[object]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


# Every code a request may be refused with, and the HTTP status it is told as.
REQUEST_STATUS = {
    "bad_json": 400,
    "bad_input": 400,
    "not_authentic": 401,
    "not_allowed": 403,
    "unknown": 404,
    "conflict": 409,
    "price_changed": 409,
    "idempotency_mismatch": 409,
    "in_progress": 409,
    "too_large": 413,
    "too_many": 429,
}


class RequestError(BotError):
    """A caller asked for something that cannot be done; the answer says which field and why."""

    def __init__(
        self, code: str, message: str, field: str | None = None, retry_after_s: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = REQUEST_STATUS[code]
        self.field = field
        self.retry_after_s = retry_after_s


def no_unicode() -> RequestError:
    """What no database holds: text that cannot be written as UTF-8."""
    return RequestError("bad_input", "text must be Unicode without lone surrogates")


class StoreError(BotError):
    """The database, or the clock it relies on, cannot be trusted now; retry with the same id."""

    status = 503

    def __init__(self, message: str, code: str = "unavailable", retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after_s = retry_after_s


class DeliveryError(BotError):
    """A provider refused a message: for good (`permanent`) or for `retry_after_s` seconds."""

    code = "delivery"
    status = 502

    def __init__(
        self, message: str, permanent: bool = False, retry_after_s: int | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after_s = retry_after_s
