"""Log-in: who gets a token, who is slowed down, which tokens are worth something."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import jwt
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from backend.domains.identity import tasks
from backend.domains.identity.models import LoginFailure, Person
from backend.kit import clock, db
from backend.kit.auth import Claims, issue_token
from backend.kit.scope import system_scope
from backend.settings import get_settings
from tests.backend.conftest import sqlite_only
from tests.backend.support import SECRET, User, World, is_problem


def log_in(world: World, username: str, password: str, address: str | None = None) -> httpx.Response:
    form = {"username": username, "password": password}
    headers = {"X-Forwarded-For": address} if address else {}
    return world.client.post("/api/v1/auth/token", data=form, headers=headers)


@contextmanager
def a_neighbour(world: World) -> Iterator[str]:
    """Somebody new whose password is 「right」."""
    somebody = world.new()
    with db.transaction() as session, system_scope(session):
        session.get_one(Person, somebody.id).password_hash = PasswordHasher(1, 8, 1).hash("right")
    yield somebody.username


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

    def test_wrong_passwords_from_elsewhere_lock_nobody_out(self, world: World) -> None:
        with a_neighbour(world) as name:
            for _ in range(get_settings().login_failures_allowed):
                log_in(world, name, "wrong", "203.0.113.50")
            is_problem(log_in(world, name, "right", "203.0.113.50"), 429)
            assert log_in(world, name, "right", "203.0.113.51").status_code == 200

    def test_a_log_in_elsewhere_does_not_help_who_guesses(self, world: World) -> None:
        with a_neighbour(world) as name:
            for _ in range(get_settings().login_failures_allowed):
                log_in(world, name, "wrong", "203.0.113.52")
            assert log_in(world, name, "right", "203.0.113.53").status_code == 200
            is_problem(log_in(world, name, "right", "203.0.113.52"), 429)

    def test_one_address_does_not_try_many_accounts(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(get_settings(), "login_failures_per_address", 5)
        for number in range(5):
            assert log_in(world, f"x{uuid.uuid4().hex[:6]}{number}", "wrong", "203.0.113.60").status_code == 401
        is_problem(log_in(world, "zhangwei", "demo1234", "203.0.113.60"), 429)
        assert log_in(world, "zhangwei", "demo1234", "203.0.113.61").status_code == 200

    def test_many_addresses_do_not_try_one_account(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(get_settings(), "login_failures_per_account", 5)
        with a_neighbour(world) as name:
            for number in range(5):
                assert log_in(world, name, "wrong", f"203.0.113.{70 + number}").status_code == 401
            is_problem(log_in(world, name, "right", "203.0.113.90"), 429)

    def test_an_address_that_only_claims_to_be_another_is_one(self, world: World) -> None:
        name = f"x{uuid.uuid4().hex[:8]}"
        for number in range(get_settings().login_failures_allowed):
            log_in(world, name, "wrong", f"198.51.100.{number}, 203.0.113.95")
        is_problem(log_in(world, name, "wrong", "198.51.100.99, 203.0.113.95"), 429)

    @pytest.mark.parametrize("name", ["zhang\x00wei", "zhangwei\u202e", "x" * 3000, ""])
    def test_a_name_nobody_can_have_is_refused(self, world: World, name: str) -> None:
        assert log_in(world, name, "demo1234", "203.0.113.96").status_code in (401, 422)

    def test_old_failures_are_forgotten(self, world: World) -> None:
        name = f"x{uuid.uuid4().hex[:8]}"
        log_in(world, name, "wrong", "203.0.113.97")
        mine = select(func.count(LoginFailure.id)).where(LoginFailure.username == name)
        later = clock.now() + timedelta(seconds=get_settings().login_window_s + 1)
        assert world.rows(mine) == [1]
        with clock.use_clock(lambda: later):
            tasks.prune()
        assert world.rows(mine) == [0]

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
        from sqlalchemy import update

        from backend.domains.identity import guard

        with db.open_session() as session, system_scope(session):
            session.execute(update(Person).values(password_hash=PasswordHasher().hash("not the demo password")))
            assert guard.open_demo_accounts(session) == []
            session.rollback()

    def test_the_demo_list_is_closed_outside_demo_mode(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(get_settings(), "demo", False)
        is_problem(world.client.get("/api/v1/demo"), 404)
