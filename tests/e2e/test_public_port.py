"""What every answer of the public port has in common, seen from outside."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

PROBLEM = "application/problem+json"
ADDRESSES = ("/", "/console", "/api/v1/demo", "/api/v1/nowhere", "/nowhere", "/healthz", "/openapi.json")


@pytest.fixture
def outside(base_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base_url, timeout=30, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_answer_names_its_server_and_each_has_a_trace(outside: httpx.Client, path: str) -> None:
    answer = outside.get(path)
    assert "server" not in answer.headers
    assert len(answer.headers["x-request-id"]) == 32
    assert "location" not in answer.headers
    if path.startswith("/api/"):
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/console", "/api/v1/demo", "/healthz"])
def test_head_is_get_without_the_body(outside: httpx.Client, path: str) -> None:
    assert (outside.head(path).status_code, outside.head(path).content) == (200, b"")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/", 405),
        ("DELETE", "/api/v1/work-orders", 405),
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1/work-orders/", 404),
        ("GET", "/api/v1/me", 401),
        ("GET", "/api/v1/" + "x" * 20_000, 431),
    ],
)
def test_every_refusal_is_in_words(outside: httpx.Client, method: str, path: str, status: int) -> None:
    answer = outside.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    problem = answer.json()
    assert any("\u4e00" <= char <= "\u9fff" for char in problem["detail"])
    assert problem["trace_id"] == answer.headers["x-request-id"]
    assert status != 405 or answer.headers["allow"]


def test_a_visitor_does_not_choose_their_address(outside: httpx.Client) -> None:
    form = {"username": "nobody-at-all", "password": "wrong"}
    for number in range(8):
        headers = {"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=198.51.100.{number}"}
        assert outside.post("/api/v1/auth/token", data=form, headers=headers).status_code == 401
    answer = outside.post("/api/v1/auth/token", data=form, headers={"X-Forwarded-For": "198.51.100.99"})
    assert (answer.status_code, answer.headers["content-type"]) == (429, PROBLEM)


def test_numbers_of_the_machine_are_for_the_machine(base_url: str, outside: httpx.Client) -> None:
    assert outside.get("/metrics").status_code == 200
    port = urlsplit(base_url).port
    for family, _, _, _, address in socket.getaddrinfo(socket.gethostname(), port, type=socket.SOCK_STREAM):
        if family is socket.AF_INET and not address[0].startswith("127."):
            assert httpx.get(f"http://{address[0]}:{port}/metrics", trust_env=False).status_code == 403
