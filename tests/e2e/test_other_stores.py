"""The same system on PostgreSQL with Redis, and on MariaDB: only DATABASE_URL and REDIS_URL change."""

import os
from pathlib import Path

import pytest
import redis

from tests.backend.support import fresh_database
from tests.bench.system import System
from tests.people import Door

REDIS_URL = "redis://127.0.0.1:6379/7"


def redis_is_there() -> None:
    """Skip where no Redis answers; fail in CI."""
    try:
        redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3).ping()
    except redis.exceptions.ConnectionError as error:
        why = f"Redis does not answer on 127.0.0.1:6379: {error}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)


@pytest.mark.parametrize(("kind", "with_redis"), [("postgresql", True), ("mariadb", False)])
def test_the_story_runs_there_too(kind: str, with_redis: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if with_redis:
        redis_is_there()
        monkeypatch.setenv("REDIS_URL", REDIS_URL)
    with fresh_database(kind, tmp_path) as url:
        system = System(url)
        try:
            system.start()
            with Door(system.public_url) as door:
                number = door.order_card(door.say("zhangwei", "我家楼下的灯坏了"))["number"]
                door.heard("lishifu", f"新工单 {number}")
                door.say("lishifu", f"接单 {number}")
                door.heard("zhangwei", f"李师傅已接单 {number}")
                door.say("lishifu", "到了")
                door.say("lishifu", "换了两个灯泡，修好了")
                door.heard("zhangwei", f"工单 {number} 请您看看")
                door.say("zhangwei", "验收通过")
                door.say("zhangwei", "五星好评🙂")
                order = door.get("kefu", f"/work-orders/{number}")
                assert (order["status"], order["rating"]) == ("closed", {"stars": 5, "words": "五星好评🙂"})
                assert door.get("chenjing", "/work-orders")["items"] == []
                two = door.say("zhangwei", "厨房水龙头漏水，楼道的灯也不亮了")
                assert len({r["card"]["number"] for r in two["replies"] if r["card"]}) == 2
        finally:
            system.remove()
