"""Private columns: AES-256-GCM with a key per person, wrapped by one master key."""

import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import StoreError
from bot.store.recent import Recent

KEY_BYTES = 32
NONCE_BYTES = 12  # 96 bits, random: at most 2**32 messages a key (NIST SP 800-38D)
OWNER_BYTES = 16  # of the pseudonym in the ledger
KEY_VERSION = 1
KEYS_HELD = 1024  # people whose opened key stays in memory, 2.6 kB each
FILE = "master.key"

Row = tuple[str, int, bytes]  # owner, key version, wrapped key


class PersonKey:
    """One person's opened key; `owner` is the pseudonym their ledger entries carry."""

    __slots__ = ("_cipher", "owner", "person_id", "version")

    def __init__(self, person_id: str, owner: str, version: int, secret: bytes) -> None:
        self.person_id, self.owner, self.version = person_id, owner, version
        self._cipher = AESGCM(secret)

    def seal(self, table: str, row: str, plain: bytes) -> bytes:
        """The column's bytes: a nonce and the ciphertext, bound to table, row and person."""
        nonce = _nonces.pop()
        return nonce + self._cipher.encrypt(nonce, plain, self._bound_to(table, row))

    def open(self, table: str, row: str, sealed: bytes) -> bytes:
        """What was sealed; StoreError when a byte, the row or the person is another one."""
        nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, body, self._bound_to(table, row))
        except InvalidTag:
            message = f"a private column of table {table} was altered or moved"
            raise StoreError(message, code="damaged") from None

    def _bound_to(self, table: str, row: str) -> bytes:
        return f"{table}|{row}|private|{self.person_id}|{self.version}".encode()


class Vault:
    """The master key and the keys it opens; safe to use from several threads."""

    def __init__(self, master: bytes) -> None:
        self._cipher = AESGCM(master)
        self._digest_key = hashlib.sha256(b"tombstones|" + master).digest()
        self._opened: Recent[PersonKey] = Recent(KEYS_HELD)

    def make(self, person_id: str) -> tuple[PersonKey, Row]:
        """A new key for somebody new, and its row for table `keys`."""
        drawn = _secrets.pop()
        secret, owner = drawn[:KEY_BYTES], drawn[KEY_BYTES:].hex()
        wrapped = self._seal(_wrapping(person_id, owner), secret)
        return PersonKey(person_id, owner, KEY_VERSION, secret), (owner, KEY_VERSION, wrapped)

    def find(
        self, person_id: str, read: Callable[[], Row | None] | None = None
    ) -> PersonKey | None:
        """A person's key, from memory or from the row that `read` gives."""
        key = self._opened.get(person_id)
        if key is None and read is not None and (row := read()) is not None:
            key = self.open(person_id, row)
        return key

    def open(self, person_id: str, row: Row) -> PersonKey:
        """The key of a row of table `keys`, kept in memory from now on."""
        key = self._opened.get(person_id)
        if key is not None and key.owner == row[0]:
            return key
        owner, version, wrapped = row
        secret = self._open(_wrapping(person_id, owner), wrapped)
        key = PersonKey(person_id, owner, version, secret)
        self._opened.put(person_id, key)
        return key

    def keep(self, key: PersonKey) -> None:
        """Hold a key in memory, once its row is committed."""
        self._opened.put(key.person_id, key)

    def forget(self, person_id: str) -> None:
        """Drop a key that was destroyed or may be another one now."""
        self._opened.drop(person_id)

    def digest(self, person_id: str) -> str:
        """What a tombstone remembers of an erased person: comparable, not readable."""
        return hmac.new(self._digest_key, person_id.encode(), hashlib.sha256).hexdigest()

    def proof(self) -> bytes:
        """A sealed word; another master key cannot open it."""
        return self._seal(b"proof", b"this master key")

    def check(self, proof: bytes) -> None:
        """StoreError when the store was made with another master key."""
        self._open(b"proof", proof)

    def _seal(self, bound_to: bytes, plain: bytes) -> bytes:
        nonce = _nonces.pop()
        return nonce + self._cipher.encrypt(nonce, plain, bound_to)

    def _open(self, bound_to: bytes, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
        except InvalidTag:
            message = "this store was made with another master key; give the one it was made with"
            raise StoreError(message, code="wrong_key") from None


class _Drawn(threading.local):
    """Random pieces of one size, drawn together for one thread: a draw alone would let go of the
    interpreter lock.
    """

    def __init__(self, size: int, many: int) -> None:
        self.size, self.many = size, many
        self.left: list[bytes] = []
        self.process = 0

    def pop(self) -> bytes:
        if not self.left or self.process != _process[0]:
            drawn = os.urandom(self.size * self.many)
            self.left = [drawn[at : at + self.size] for at in range(0, len(drawn), self.size)]
            self.process = _process[0]
        return self.left.pop()


_nonces = _Drawn(NONCE_BYTES, 256)
_secrets = _Drawn(KEY_BYTES + OWNER_BYTES, 64)
_process = [os.getpid()]  # a forked child must not use what its parent drew
os.register_at_fork(after_in_child=lambda: _process.__setitem__(0, os.getpid()))


def _wrapping(person_id: str, owner: str) -> bytes:
    return f"keys|{person_id}|wrapped|{owner}".encode()


def master_key(given: str, data: Path) -> bytes:
    """32 bytes: `given` (env:NAME, file:PATH or the key itself), else the data folder's own.

    The folder's own key is made at the first start, readable by its owner alone.
    """
    if given.startswith("env:"):
        name = given.removeprefix("env:")
        if name not in os.environ:
            raise StoreError(f"the master key is missing: set {name}", code="no_key")
        return _bytes_of(os.environ[name])
    if given.startswith("file:"):
        return _bytes_of(_read(Path(given.removeprefix("file:"))))
    if given:
        return _bytes_of(given)
    path = data / FILE
    if not path.exists():
        _make(path)
    return _bytes_of(_read(path))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"the master key cannot be read: {error}", code="no_key") from None


def _bytes_of(text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        message = "the master key must be 64 hexadecimal digits (openssl rand -hex 32)"
        raise StoreError(message, code="no_key")
    return key


def _make(path: Path) -> None:
    """Written beside and linked into place, so that two first starts agree on one key."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
