"""Log-in: who gets a token, who is slowed down, which tokens are worth something."""

import uuid

import httpx
import jwt
import pytest

from backend.domains.identity.models import Person
from backend.kit import db
from backend.kit.auth import Claims, issue_token
from backend.kit.scope import system_scope
from backend.settings import get_settings
from tests.backend.conftest import sqlite_only
from tests.backend.support import SECRET, User, World, is_problem


def log_in(world: World, username: str, password: str) -> httpx.Response:
    form = {"username": username, "password": password}
    return world.client.post("/api/v1/auth/token", data=form)


class TestLogIn:
    def test_the_right_password_gives_a_token_that_works(self, world: World) -> None:
        token = log_in(world, "zhangwei", "demo1234").json()["access_token"]
        me = User(0, "zhangwei", world.client, token).get("/me").json()
        assert me["name"] == "张伟"

    def test_a_wrong_password_is_refused(self, world: World) -> None:
        assert is_problem(log_in(world, "wangfang", "wrong"), 401)["type"] == "/problems/wrong-credentials"

    def test_an_unknown_name_is_refused_in_the_same_words(self, world: World) -> None:
        wrong = log_in(world, "wangfang", "wrong").json()
        unknown = log_in(world, f"x{uuid.uuid4().hex[:8]}", "wrong").json()
        assert (unknown["type"], unknown["detail"]) == (wrong["type"], wrong["detail"])

    def test_too_many_failures_are_told_to_wait(self, world: World) -> None:
        name = f"x{uuid.uuid4().hex[:8]}"
        for _ in range(get_settings().login_failures_allowed):
            assert log_in(world, name, "wrong").status_code == 401
        answer = log_in(world, name, "wrong")
        is_problem(answer, 429)
        assert int(answer.headers["retry-after"]) > 0

    def test_a_missing_password_is_named(self, world: World) -> None:
        answer = world.client.post("/api/v1/auth/token", data={"username": "zhangwei"})
        assert is_problem(answer, 422)["errors"][0]["field"] == "password"


@sqlite_only
class TestTokens:
    def test_no_token_is_refused(self, world: World) -> None:
        answer = world.client.get("/api/v1/me")
        is_problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"

    def test_an_expired_token_is_refused(self, world: World) -> None:
        token = issue_token(Claims(world.zhangwei.id), -5)
        is_problem(User(0, "", world.client, token).get("/me"), 401)

    @pytest.mark.parametrize("key", ["another-key-that-is-long-enough-for-hs256", SECRET[::-1]])
    def test_a_token_signed_by_somebody_else_is_refused(self, world: World, key: str) -> None:
        token = jwt.encode({"sub": str(world.admin.id), "exp": 4_000_000_000}, key, algorithm="HS256")
        is_problem(User(0, "", world.client, token).get("/me"), 401)

    def test_an_unsigned_token_is_refused(self, world: World) -> None:
        token = jwt.encode({"sub": str(world.admin.id), "exp": 4_000_000_000}, "", algorithm="none")
        is_problem(User(0, "", world.client, token).get("/me"), 401)

    def test_a_token_without_an_end_is_refused(self, world: World) -> None:
        token = jwt.encode({"sub": str(world.admin.id)}, SECRET, algorithm="HS256")
        is_problem(User(0, "", world.client, token).get("/me"), 401)

    def test_a_token_of_somebody_who_is_gone_is_refused(self, world: World) -> None:
        is_problem(world.user(999_999_999, "nobody").get("/me"), 401)

    @pytest.mark.parametrize("subject", ["abc", "", "1.5"])
    def test_a_token_whose_person_is_no_number_is_refused(self, world: World, subject: str) -> None:
        token = jwt.encode({"sub": subject, "exp": 4_000_000_000}, SECRET, algorithm="HS256")
        is_problem(User(0, "", world.client, token).get("/me"), 401)

    def test_the_bot_speaking_for_somebody_has_exactly_their_rights(self, world: World) -> None:
        bot = world.user(world.zhangwei.id, "zhangwei", via="bot", message_id="m1")
        assert bot.get("/me").json() == world.zhangwei.get("/me").json()


@sqlite_only
class TestDemoGuard:
    def test_demo_accounts_keep_a_run_that_is_no_demo_from_starting(self, world: World) -> None:
        from backend import main  # reads the settings

        real = get_settings().model_copy(update={"demo": False})
        with pytest.raises(main.RefusesToStart, match="zhangwei"):
            main.refuse_demo_accounts(real)

    def test_a_demo_starts_with_them(self, world: World) -> None:
        from backend import main

        main.refuse_demo_accounts(get_settings())  # does not raise

    def test_demo_people_with_passwords_of_their_own_do_not_count(self, world: World) -> None:
        from argon2 import PasswordHasher
        from sqlalchemy import update

        from backend.domains.identity import guard

        with db.open_session() as session, system_scope(session):
            session.execute(update(Person).values(password_hash=PasswordHasher().hash("not the demo password")))
            assert guard.open_demo_accounts(session) == []
            session.rollback()

    def test_the_demo_list_is_closed_outside_demo_mode(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(get_settings(), "demo", False)
        is_problem(world.client.get("/api/v1/demo"), 404)
