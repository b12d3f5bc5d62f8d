"""The worker empties the outbox beside its tasks, so that an answer does not wait for a long one."""

import uuid

from backend.kit import db, outbox
from backend.kit.outbox import Notice
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World


@sqlite_only
def test_what_is_due_is_delivered_without_a_task(world: World, owner: User) -> None:
    from backend import worker  # reads the settings when it is imported

    text = uuid.uuid4().hex
    with db.transaction() as session:
        outbox.enqueue(session, Notice(owner.id, 1, text, text))
    worker.deliver()
    assert owner.history()[-1]["text"] == text
