"""Signatures and encryption of WeChat's callback, over wechatpy's cipher.

Raises: Refused, for whatever is not signed or encrypted as it must be.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import WeChatException

KEY_CHARS = 43


class Refused(Exception):
    """Not from WeChat, or not meant for this account; why is for the log only."""


def sign(*parts: str) -> str:
    """Return the SHA-1 of the sorted parts: of token, timestamp and nonce, and of the encrypted text where there is one."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def check(given: str, *parts: str) -> None:
    """Raise Refused unless ``given`` signs the parts."""
    if not hmac.compare_digest(sign(*parts).encode(), given.encode()):
        raise Refused("wrong signature")


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted text with what signs it."""

    encrypted: str
    signature: str
    timestamp: str
    nonce: str


class Cipher:
    """Encrypts and decrypts with the account's EncodingAESKey. Raises ValueError for a key that is none."""

    def __init__(self, token: str, encoding_aes_key: str, app_id: str) -> None:
        try:
            self._key = base64.b64decode(encoding_aes_key + "=", validate=True)
        except binascii.Error as error:
            raise ValueError("EncodingAESKey is not base64") from error
        if len(encoding_aes_key) != KEY_CHARS:
            raise ValueError(f"EncodingAESKey must have {KEY_CHARS} characters")
        self._token, self._app_id = token, app_id

    def open(self, sealed: Sealed) -> str:
        """Return the text. Raises Refused: wrong signature, wrong key, another account, no such encryption."""
        check(sealed.signature, self._token, sealed.timestamp, sealed.nonce, sealed.encrypted)
        try:
            return str(PrpCrypto(self._key).decrypt(sealed.encrypted, self._app_id))
        except WeChatException as error:
            raise Refused("for another account") from error
        except Exception as error:  # the library's own assertions, lengths and encodings: all mean the same
            raise Refused(f"not decipherable: {type(error).__name__}") from error

    def seal(self, text: str, timestamp: str, nonce: str) -> Sealed:
        """Return the text encrypted and signed."""
        encrypted = PrpCrypto(self._key).encrypt(text, self._app_id).decode()
        return Sealed(encrypted, sign(self._token, timestamp, nonce, encrypted), timestamp, nonce)
