"""What the reporter hears when the desk cancels an order."""

import pytest
from sqlalchemy import select

from backend.kit.outbox import OutboxRow
from tests.backend.support import World


class TestCancelled:
    @pytest.mark.parametrize(("note", "heard"), [("业主说不用来了。", "已撤单：业主说不用来了。"), (None, "已撤单。")])
    def test_the_reason_is_told(self, world: World, note: str | None, heard: str) -> None:
        number = world.zhangwei.open_order()["number"]
        assert world.kefu.move(number, "cancelled", note=note).status_code == 200
        mine = select(OutboxRow.text).where(
            OutboxRow.person_id == world.zhangwei.id, OutboxRow.text.contains(f"{number} 已撤单")
        )
        assert world.rows(mine) == [f"工单 {number} {heard}"]
