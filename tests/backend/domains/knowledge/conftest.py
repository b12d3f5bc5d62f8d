"""An estate of its own for each test, its desk and its owner; documents put there, indexed by an encoder without a model."""

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.domains.estate.models import Community, Company
from backend.domains.knowledge import service
from backend.domains.knowledge.models import Document, Section
from backend.kit import db, encoder
from backend.kit.auth import Role
from backend.kit.scope import system_scope
from tests.backend.domains.knowledge.making import FakeEncoder, markdown
from tests.backend.support import User, World

RULES = markdown(
    "住户手册",
    门禁卡补办="门禁卡丢失后补办每张 20 元工本费，带身份证到服务中心，十分钟办好。",
    垃圾分类="生活垃圾分四类，每天 7:00–9:00、18:00–21:00 投放，投放点在五号楼旁。",
    装修时间="装修施工时间为周一至周五 8:00–12:00、14:00–18:00，周末不得施工。",
)

_numbers = itertools.count()


@dataclass
class Place:
    """An estate and its people."""

    world: World
    code: str
    community_id: int
    desk: User
    owner: User

    def upload(
        self, data: bytes = RULES, name: str = "手册.md", who: User | None = None, **form: str
    ) -> httpx.Response:
        return (who or self.desk).call("POST", "/knowledge/documents", files={"file": (name, data)}, data=form)

    def put(self, data: bytes = RULES, name: str = "手册.md") -> int:
        answer = self.upload(data, name)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def one(self, document_id: int) -> dict[str, Any]:
        return dict(self.desk.get(f"/knowledge/documents/{document_id}").json())

    def ask(self, question: str, who: User | None = None) -> dict[str, Any]:
        answer = (who or self.owner).post("/knowledge/answer", {"question": question})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def sections(self, question: str) -> list[str]:
        return [p["section"] for p in self.ask(question)["passages"]]

    def rows(self) -> list[Section]:
        return self.world.rows(select(Section).where(Section.community_id == self.community_id).order_by(Section.id))


@pytest.fixture
def place(world: World) -> Place:
    code = f"kb{uuid.uuid4().hex[:10]}"
    with db.transaction() as session, system_scope(session):
        company = session.scalars(select(Company)).first()
        assert company is not None
        here = Community(
            company_id=company.id, code=code, name="测试里", number_prefix=f"K{next(_numbers):03x}", phone="0755-1"
        )
        session.add(here)
        session.flush()
        community_id = here.id
    desk = world.new(Role.CUSTOMER_SERVICE, code)
    return Place(world, code, community_id, desk, world.new(Role.OWNER, code))


@pytest.fixture
def fake(world: World) -> Iterator[FakeEncoder]:
    """The encoder of this process. What the seed left waiting is none of the tests' business."""
    made = FakeEncoder()
    with db.transaction() as session, system_scope(session):
        for document in session.scalars(select(Document)):
            document.status = "failed"
    encoder.use(made)
    yield made
    encoder.use(None)


def index_all() -> int:
    """Work as the clock does until nothing waits. Returns how many sections were embedded."""
    done = 0
    while step := service.embed_some(0):
        done += step
    return done
