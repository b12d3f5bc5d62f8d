"""WeChat's errors: what is tried again, what takes another way, what staff see; and one access token for all."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.channels.service import access, wechat
from backend.domains.channels.service.access import Fetched, WeChatFailed
from backend.domains.channels.wechat_codes import CODES, Then
from backend.domains.notices import service as notices
from backend.kit import clock, db
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from backend.settings import get_settings
from connectors.wechat.emulator.platform import Platform
from tests.backend.domains.channels.conftest import Follower, deliver
from tests.backend.domains.channels.test_messages import later
from tests.backend.domains.conversations.reading import talk_of
from tests.backend.support import User, World, together


def tell(user: User, text: str) -> None:
    with db.transaction() as session, system_scope(session):
        notices.tell(session, [user.id], notices.Telling(1, text, f"test:{user.id}:{text}"))


def row_of(world: World, user: User) -> OutboxRow:
    rows: list[OutboxRow] = world.rows(
        select(OutboxRow).where(OutboxRow.channel == "wechat", OutboxRow.person_id == user.id).order_by(OutboxRow.id)
    )
    return rows[-1]


class TestTriedAgain:
    @pytest.mark.parametrize("fault", ["busy", "bad_gateway", "not_json", "quota"])
    def test_what_passes_is_sent_later_and_once(self, world: World, bound: Follower, owner: User, fault: str) -> None:
        bound.platform.faults = {fault: 2}
        tell(owner, fault)
        deliver()
        assert (bound.got(), row_of(world, owner).status) == ([], "pending")
        for hours in (1, 2):
            with later(hours * 3600):
                deliver()
        assert bound.got() == [fault]

    def test_a_quota_is_left_alone_for_a_while(self, world: World, bound: Follower, owner: User) -> None:
        bound.platform.faults = {"quota": 1}
        tell(owner, "一")
        deliver()
        assert row_of(world, owner).next_attempt_at > clock.now() + timedelta(minutes=25)

    def test_not_for_ever(self, world: World, bound: Follower, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(get_settings(), "outbox_attempts", 3)
        bound.platform.faults = {"busy": -1}
        tell(owner, "一")
        for hours in range(5):
            with later(hours * 3600):
                deliver()
        assert (row_of(world, owner).status, row_of(world, owner).attempts) == ("failed", 3)

    def test_an_api_that_hangs_is_given_up_in_time(
        self, world: World, bound: Follower, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(get_settings(), "wechat_timeout_s", 0.3)
        wechat.close()
        bound.platform.faults = {"slow": 1}
        tell(owner, "一")
        deliver()
        assert row_of(world, owner).status == "pending"

    def test_one_who_cannot_be_reached_does_not_hold_up_another(
        self, world: World, bound: Follower, owner: User
    ) -> None:
        neighbour = world.new()
        other = Follower(world, bound.platform)
        bound.platform.follower(other.openid).follows = True
        other.bind(neighbour)
        bound.platform.follower(bound.openid).follows = False
        tell(owner, "一")
        tell(neighbour, "二")
        deliver()
        assert other.got() == ["二"]

    def test_the_order_of_a_person_is_kept(self, world: World, bound: Follower, owner: User) -> None:
        bound.platform.faults = {"busy": 1}
        for text in ("一", "二", "三"):
            tell(owner, text)
        deliver()
        assert bound.got() == []
        with later(60):
            deliver()
        assert bound.got() == ["一", "二", "三"]


class TestAnotherWay:
    @pytest.mark.parametrize(
        ("fault", "words"),
        [("closed", "48 小时"), ("too_many", "没有回话"), ("no_right", "没有这个接口的权限")],
    )
    def test_the_page_has_it_and_staff_see_why(
        self, world: World, bound: Follower, owner: User, fault: str, words: str
    ) -> None:
        bound.platform.faults = {fault: 1}
        tell(owner, fault)
        deliver()
        assert (row_of(world, owner).status, row_of(world, owner).attempts) == ("failed", 1)
        assert owner.history()[-1]["text"] == fault
        assert owner.history()[-1]["undelivered"] is None
        talk = talk_of(world, owner)
        line = world.kefu.get(f"/conversations/{talk.id}/messages").json()["items"][-1]
        assert words in line["undelivered"]

    def test_five_answers_to_a_message_then_wechat_wants_to_hear_from_them(
        self, world: World, bound: Follower, owner: User
    ) -> None:
        for number in range(6):
            tell(owner, f"通知{number}")
        deliver()
        assert len(bound.got()) == 5
        assert "没有回话" in (row_of(world, owner).last_error or "")

    def test_a_template_goes_where_the_window_is_closed(
        self, world: World, bound: Follower, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(get_settings(), "wechat_notice_template", "tpl")
        bound.platform.faults = {"closed": 1}
        tell(owner, "李师傅明天上午九点到您家修水管，请家里留人")
        deliver()
        [sent] = bound.platform.sent
        assert (sent["kind"], len(sent["text"])) == ("template", 20)
        assert row_of(world, owner).status == "delivered"

    def test_every_code_says_something_to_staff(self) -> None:
        assert all(any("\u4e00" <= c <= "\u9fff" for c in row.words) for row in CODES.values())
        assert {row.then for row in CODES.values()} == set(Then)


class TestAccessToken:
    @pytest.mark.parametrize("fault", ["expired_token", "wrong_token"])
    def test_one_that_is_refused_is_replaced_and_the_message_sent(
        self, world: World, bound: Follower, owner: User, fault: str
    ) -> None:
        tell(owner, "一")
        deliver()
        with later(60):
            bound.platform.faults = {fault: 1}
            tell(owner, "二")
            deliver()
        assert bound.got() == ["一", "二"]
        assert bound.platform.fetched == 2

    def test_one_that_is_always_refused_is_not_fetched_for_ever(
        self, world: World, bound: Follower, owner: User
    ) -> None:
        bound.platform.faults = {"wrong_token": -1}
        tell(owner, "一")
        deliver()
        assert bound.platform.fetched <= 2
        assert row_of(world, owner).status == "pending"

    def test_it_is_fetched_once_for_many_who_need_it(self, world: World, platform: Platform) -> None:
        account, asked = platform.app_id, []

        def fetch(_another: bool) -> Fetched:
            asked.append(1)
            return Fetched("t1", 7200)

        got = together([lambda: access.token(account, fetch)] * 6)
        assert (got, len(asked)) == (["t1"] * 6, 1)

    def test_it_is_replaced_once_for_many_who_were_refused(self, world: World, platform: Platform) -> None:
        account, asked = platform.app_id, []

        def fetch(another: bool) -> Fetched:
            asked.append(another)
            return Fetched(f"t{len(asked)}", 7200)

        access.token(account, fetch)
        with later(60):
            got = together([lambda: access.token(account, fetch, refused="t1")] * 6)
        assert (got, asked) == (["t2"] * 6, [False, True])

    def test_it_is_renewed_before_it_ends(self, world: World, platform: Platform) -> None:
        tokens = iter(["t1", "t2"])
        fetch: Callable[[bool], Fetched] = lambda _: Fetched(next(tokens), 7200)  # noqa: E731
        assert access.token(platform.app_id, fetch) == "t1"
        with later(6800):
            assert access.token(platform.app_id, fetch) == "t1"
        with later(6950):
            assert access.token(platform.app_id, fetch) == "t2"

    def test_whoever_could_not_fetch_it_leaves_the_way_to_others(self, world: World, platform: Platform) -> None:
        def fails(_another: bool) -> Fetched:
            raise WeChatFailed(CODES[-1], -1)

        with pytest.raises(WeChatFailed):
            access.token(platform.app_id, fails)
        assert access.token(platform.app_id, lambda _: Fetched("t1", 7200)) == "t1"

    def test_a_wrong_secret_is_told_to_staff(
        self, world: World, bound: Follower, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bound.platform.secret = "another"
        tell(owner, "一")
        deliver()
        assert "AppSecret" in (row_of(world, owner).last_error or "")

    def test_the_words_go_as_they_are(self, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[Any] = []
        monkeypatch.setattr(wechat, "_ask", lambda *args: seen.append(args[3]) or _Answer())
        monkeypatch.setattr(wechat, "token", lambda *_: "t")
        wechat.send_text("o1", "水管\n漏水 <a>")
        assert seen == [{"touser": "o1", "msgtype": "text", "text": {"content": "水管\n漏水 <a>"}}]


class _Answer:
    headers = {"content-type": "application/json"}  # noqa: RUF012

    def json(self) -> Any:
        return json.loads("{}")
