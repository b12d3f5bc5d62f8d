"""Signatures and encryption against published vectors and another implementation."""

import base64
import dataclasses

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as Raw
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto.base import BasePrpCrypto
from werobot.crypto import MessageCrypt

from connectors.wechat import xml
from connectors.wechat.crypto import Cipher, Refused, Sealed, sign
from tests.connectors.wechat.vectors import VECTORS, Vector

ALL = pytest.mark.parametrize("vector", VECTORS.values(), ids=list(VECTORS))
READABLE = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


def cipher_of(vector: Vector) -> Cipher:
    return Cipher(vector.token, vector.key, vector.app_id)


def sealed_of(vector: Vector) -> Sealed:
    return Sealed(vector.encrypted, vector.signature, vector.timestamp, vector.nonce)


class TestPublishedVectors:
    @ALL
    def test_is_read(self, vector: Vector) -> None:
        text = cipher_of(vector).open(sealed_of(vector))
        assert all(part in text for part in vector.holds)

    @ALL
    def test_is_refused_for_another_account(self, vector: Vector) -> None:
        other = Cipher(vector.token, vector.key, "wx0000000000000000")
        with pytest.raises(Refused, match="another account"):
            other.open(sealed_of(vector))

    @ALL
    def test_is_refused_with_another_signature(self, vector: Vector) -> None:
        forged = dataclasses.replace(sealed_of(vector), signature="0" * 40)
        with pytest.raises(Refused, match="wrong signature"):
            cipher_of(vector).open(forged)

    def test_the_plain_signature(self) -> None:
        assert sign("pamtest", "1409304348", "xxxxxx") == "76480565cbe296026c53aaacd1ad523a1ddba24f"

    def test_a1_is_written_as_published(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(BasePrpCrypto, "get_random_string", lambda _: "aaaabbbbccccdddd")
        vector = VECTORS["A1"]
        made = cipher_of(vector).seal("我是中文abcd123", vector.timestamp, vector.nonce)
        assert made == sealed_of(vector)

    @pytest.mark.parametrize(("name", "padded"), [("B-echo", 7), ("B-msg", 30), ("C", 1), ("D", 31)])
    def test_the_vectors_have_the_paddings_that_other_unpadders_refuse(self, name: str, padded: int) -> None:
        vector = VECTORS[name]
        key = base64.b64decode(vector.key + "=")
        raw = Raw(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        assert raw.update(base64.b64decode(vector.encrypted))[-1] == padded


class TestWeRoBot:
    token, key, app_id = "token", VECTORS["A1"].key, "wx-one"

    @given(text=READABLE)
    def test_reads_what_we_write(self, text: str) -> None:
        made = Cipher(self.token, self.key, self.app_id).seal(text, "1700000000", "n1")
        theirs = MessageCrypt(self.token, self.key, self.app_id)
        read = theirs.decrypt_message("1700000000", "n1", made.signature, made.encrypted)
        assert read.decode() == text

    @given(text=READABLE)
    def test_is_read_by_us(self, text: str) -> None:
        fields = xml.read(MessageCrypt(self.token, self.key, self.app_id).encrypt_message(text, "1700000000", "n2"))
        sealed = Sealed(fields["Encrypt"], fields["MsgSignature"], "1700000000", "n2")
        assert Cipher(self.token, self.key, self.app_id).open(sealed) == text


class TestGarbage:
    @given(data=st.binary(max_size=200))
    def test_signed_garbage_is_refused(self, data: bytes) -> None:
        encrypted = base64.b64encode(data).decode()
        sealed = Sealed(encrypted, sign("token", "1", "n", encrypted), "1", "n")
        with pytest.raises(Refused):
            Cipher("token", VECTORS["A1"].key, "wx-one").open(sealed)

    @pytest.mark.parametrize("key", ["", "short", "a" * 42, "a" * 44, "%" * 43])
    def test_a_key_that_is_none_is_told_at_the_start(self, key: str) -> None:
        with pytest.raises(ValueError, match="EncodingAESKey"):
            Cipher("token", key, "wx-one")
