"""A message of the broker of files is there whole or not at all."""

import os
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection


def open_broker(folder: Path) -> Connection:
    for part in ("messages", "control"):
        (folder / part).mkdir(exist_ok=True)
    return Connection(
        "filesystem://localhost",
        transport="backend.kit.file_broker:Transport",
        transport_options={
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
        },
    )


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    return open_broker(tmp_path)


def take(connection: Connection) -> str:
    with connection.SimpleQueue("orders", serializer="json") as queue:
        message = queue.get(block=False)
        message.ack()
        return str(message.payload["words"])


def put(connection: Connection, words: str) -> None:
    with connection.SimpleQueue("orders", serializer="json") as queue:
        queue.put({"words": words})


def test_a_reader_that_looks_while_a_message_is_written_finds_nothing(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    replace = os.replace

    def looked_at_before(source: Any, target: Any) -> None:
        with pytest.raises(Empty):
            take(open_broker(tmp_path))
        looked.append(target)
        replace(source, target)

    put(connection, "电梯")
    monkeypatch.setattr(os, "replace", looked_at_before)
    assert take(connection) == "电梯"
    put(connection, "灯")
    assert len(looked) == 1
    assert take(connection) == "灯"
