"""An account becomes a person's by phone, code and home; by nothing less."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from backend.domains.channels.models import BindCode, ChannelBinding
from backend.kit import clock
from backend.kit.audit import AuditLine
from tests.backend.domains.channels.conftest import HOME, Follower, last_code, phone_of, texts_to
from tests.backend.support import FakeRasa, User, World, is_problem, together


def binding_of(world: World, follower: Follower) -> list[ChannelBinding]:
    return world.rows(select(ChannelBinding).where(ChannelBinding.channel_user == follower.openid))


class TestStranger:
    def test_who_follows_is_told_how_to_bind(self, follower: Follower) -> None:
        assert "手机号" in (follower.does("follow") or "")

    def test_what_a_stranger_says_never_reaches_the_bot(self, rasa: FakeRasa, follower: Follower) -> None:
        assert "还不知道您住哪一户" in (follower.say("我家灯坏了") or "")
        assert rasa.turns == []

    def test_the_same_message_again_is_not_answered_again(self, follower: Follower) -> None:
        external_id = f"{follower.openid}:1"
        answers = [follower.say("你好", external_id=external_id) for _ in range(3)]
        assert [bool(a) for a in answers] == [True, False, False]

    def test_a_scanned_label_opens_its_page(self, follower: Follower) -> None:
        assert "/s/a-label-token-0001" in (follower.does("scan", key="a-label-token-0001") or "")

    def test_an_unsubscription_is_not_answered(self, follower: Follower) -> None:
        assert follower.does("unfollow") is None


class TestCode:
    def test_phone_code_and_home_bind(self, world: World, rasa: FakeRasa, follower: Follower, owner: User) -> None:
        follower.bind(owner)
        assert follower.say("你好") == "收到：你好"
        assert rasa.turns[-1]["speaker"]["channel"] == "wechat"

    def test_the_home_may_be_written_in_any_way(self, world: World, follower: Follower, owner: User) -> None:
        follower.say(phone_of(world, owner))
        told = follower.say(f"验证码{last_code(phone_of(world, owner))}，七栋1单元901室") or ""
        assert told.startswith("绑定好了")

    def test_a_number_that_nobody_has_is_answered_in_the_same_words(
        self, world: World, follower: Follower, owner: User
    ) -> None:
        known, unknown = phone_of(world, owner), f"137{uuid.uuid4().int % 10**8:08d}"
        answers = [(follower.say(phone) or "").replace(phone[3:7], "").replace(phone[:3], "").replace(phone[-4:], "")
                   for phone in (known, unknown)]  # fmt: skip
        assert answers[0] == answers[1]
        assert texts_to(unknown) == []

    def test_the_right_code_with_another_home_does_not_bind(
        self, world: World, follower: Follower, owner: User
    ) -> None:
        follower.say(phone_of(world, owner))
        code = last_code(phone_of(world, owner))
        for home in ("8号楼1单元901", "17号楼1单元901", "901"):
            assert "对不上" in (follower.say(f"{code} {home}") or "")
        assert binding_of(world, follower) == []

    def test_a_code_is_good_for_the_account_that_asked_only(
        self, world: World, follower: Follower, owner: User, platform: object
    ) -> None:
        other = Follower(world, follower.platform)
        follower.say(phone_of(world, owner))
        other.say("13700000000")
        assert "对不上" in (other.say(f"{last_code(phone_of(world, owner))} {HOME}") or "")

    def test_after_five_wrong_tries_the_right_code_does_not_bind(
        self, world: World, follower: Follower, owner: User
    ) -> None:
        follower.say(phone_of(world, owner))
        code = last_code(phone_of(world, owner))
        wrong = "000000" if code != "000000" else "111111"
        tries = [follower.say(f"{wrong} {HOME}") or "" for _ in range(5)]
        assert "还可以试 4 次" in tries[0]
        assert "作废" in tries[4]
        assert "作废" in (follower.say(f"{code} {HOME}") or "")
        assert binding_of(world, follower) == []

    def test_the_same_wrong_try_sent_three_times_counts_once(
        self, world: World, follower: Follower, owner: User
    ) -> None:
        follower.say(phone_of(world, owner))
        for _ in range(3):
            follower.say(f"000000 {HOME}", external_id=f"{follower.openid}:try")
        [row] = world.rows(select(BindCode).where(BindCode.channel_user == follower.openid))
        assert row.tries == 1

    def test_a_code_does_not_live_long(self, world: World, follower: Follower, owner: User) -> None:
        follower.say(phone_of(world, owner))
        code, later = last_code(phone_of(world, owner)), clock.now() + timedelta(minutes=11)
        with clock.use_clock(lambda: later):
            assert "过期" in (follower.say(f"{code} {HOME}") or "")

    def test_a_code_binds_once(self, world: World, follower: Follower, owner: User) -> None:
        follower.say(phone_of(world, owner))
        said = f"{last_code(phone_of(world, owner))} {HOME}"
        follower.say(said)
        other = Follower(world, follower.platform)
        assert "没有等着核对的验证码" in (other.say(said) or "")

    def test_only_a_digest_is_kept(self, world: World, follower: Follower, owner: User) -> None:
        follower.say(phone_of(world, owner))
        [row] = world.rows(select(BindCode).where(BindCode.channel_user == follower.openid))
        assert last_code(phone_of(world, owner)) not in row.digest
        assert len(row.digest) == 64

    def test_codes_are_sent_in_limits(self, world: World, follower: Follower, owner: User) -> None:
        told = [follower.say(phone_of(world, owner)) or "" for _ in range(6)]
        assert "发得太多" in told[5]
        assert len(texts_to(phone_of(world, owner))) == 5

    def test_two_messages_at_once_bind_once(self, world: World, follower: Follower, owner: User) -> None:
        follower.say(phone_of(world, owner))
        said = f"{last_code(phone_of(world, owner))} {HOME}"
        external_id = f"{follower.openid}:bind"
        together([lambda: follower.say(said, external_id=external_id)] * 3)
        assert len(binding_of(world, follower)) == 1


class TestUnbind:
    def test_it_takes_two_words(self, world: World, rasa: FakeRasa, bound: Follower) -> None:
        assert "确认解绑" in (bound.say("解绑") or "")
        assert bound.say("还在吗") == "收到：还在吗"
        assert (bound.say("确认解绑") or "").startswith("已解绑")
        assert "还不知道您住哪一户" in (bound.say("你好") or "")

    def test_the_desk_ends_a_binding_of_its_estate(self, world: World, bound: Follower, owner: User) -> None:
        [found] = world.kefu.get("/channels/bindings", person=owner.id).json()["items"]
        assert found["channel_title"] == "微信"
        assert world.kefu.call("DELETE", f"/channels/bindings/{found['id']}").status_code == 204
        assert owner.get("/channels/bindings").json()["items"] == []

    def test_nobody_else_sees_or_ends_it(self, world: World, bound: Follower, owner: User) -> None:
        [found] = owner.get("/channels/bindings").json()["items"]
        for other in (world.zhangwei, world.chenjing):
            assert other.get("/channels/bindings", person=owner.id).json()["items"] == []
            is_problem(other.call("DELETE", f"/channels/bindings/{found['id']}"), 404)
        is_problem(world.caiwu.call("DELETE", f"/channels/bindings/{found['id']}"), 403)

    def test_binding_and_unbinding_are_in_the_audit_log_without_the_account(
        self, world: World, bound: Follower
    ) -> None:
        [row] = binding_of(world, bound)
        bound.say("确认解绑")
        lines = world.rows(
            select(AuditLine)
            .where(AuditLine.entity == "channel_bindings", AuditLine.entity_id == str(row.id))
            .order_by(AuditLine.id)
        )
        assert [line.action for line in lines] == ["create", "update"]
        assert {line.channel for line in lines} == {"wechat"}
        assert bound.openid not in str([(line.before, line.after) for line in lines])


class TestDoor:
    def test_without_the_service_token_nothing_is_heard(self, world: World, follower: Follower, owner: User) -> None:
        body = {"channel_user": follower.openid, "external_id": "x", "kind": "text", "text": "hi"}
        for token in ("", "Bearer wrong", f"Bearer {owner.token}"):
            headers = {"Authorization": token} if token else {}
            is_problem(world.client.post("/api/v1/channels/wechat/messages", json=body, headers=headers), 401)

    def test_other_channels_are_unknown(self, world: World) -> None:
        answer = world.client.post("/api/v1/channels/fax/messages", json={}, headers={})
        assert answer.status_code in (401, 422)
