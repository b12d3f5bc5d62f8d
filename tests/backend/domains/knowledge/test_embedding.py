"""The API gives sections their vectors: a few at a time, again after a death, while questions are answered."""

import threading

import pytest
from sqlalchemy import select, update

from backend.domains.knowledge import service
from backend.domains.knowledge.models import Document
from backend.domains.knowledge.service import index
from backend.kit import db, encoder
from backend.kit.encoder import Vectors
from backend.kit.live import LiveEvent
from backend.kit.scope import system_scope
from tests.backend.domains.knowledge.conftest import RULES, Place, index_all
from tests.backend.domains.knowledge.making import FakeEncoder, markdown
from tests.backend.support import is_problem


class Killed(BaseException):
    """The process dies; nothing catches that."""


@pytest.fixture
def waiting(place: Place, fake: FakeEncoder) -> int:
    """A document of three sections that waits."""
    return place.put()


class TestWork:
    def test_waits_works_is_ready(self, place: Place, waiting: int) -> None:
        seen = []
        for _ in range(3):
            assert service.embed_some(0) == 1
            seen.append((place.one(waiting)["status"], place.one(waiting)["embedded"]))
        assert seen == [("indexing", 1), ("indexing", 2), ("ready", 3)]
        assert service.embed_some(0) == 0

    def test_pages_are_told(self, place: Place, waiting: int) -> None:
        index_all()
        events = place.world.rows(
            select(LiveEvent).where(LiveEvent.community_id == place.community_id).order_by(LiveEvent.id)
        )
        told = [(e.topic, e.permission, e.data["status"]) for e in events]
        assert told[-1] == ("knowledge", "knowledge.manage", "ready")

    def test_a_process_killed_in_the_middle_loses_one_section_at_most(
        self, place: Place, waiting: int, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        service.embed_some(0)

        def dies(_texts: list[str]) -> Vectors:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(fake, "documents", dies)
            with pytest.raises(Killed):
                service.embed_some(0)
        assert place.one(waiting)["status"] == "indexing"
        fake.seen.clear()
        assert index_all() == 2
        assert place.one(waiting)["status"] == "ready"
        assert not any("门禁卡" in text for text in fake.seen)

    def test_two_processes_do_the_same_once(self, place: Place, waiting: int) -> None:
        from tests.backend.support import together

        assert not [e for e in together([index_all, index_all]) if isinstance(e, Exception)]
        assert (place.one(waiting)["status"], place.one(waiting)["embedded"]) == ("ready", 3)

    def test_deleted_while_it_is_being_embedded(
        self, place: Place, waiting: int, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slow = fake.documents

        def deletes(texts: list[str]) -> Vectors:
            place.desk.call("DELETE", f"/knowledge/documents/{waiting}")
            return slow(texts)

        monkeypatch.setattr(fake, "documents", deletes)
        index_all()
        assert place.rows() == []
        is_problem(place.desk.get(f"/knowledge/documents/{waiting}"), 404)


class TestFailure:
    def test_a_section_that_cannot_be_embedded_is_told_in_words(
        self, place: Place, waiting: int, fake: FakeEncoder
    ) -> None:
        fake.fails_on = "垃圾"
        index_all()
        failed = place.one(waiting)
        assert (failed["status"], failed["embedded"]) == ("failed", 1)
        assert "重新索引" in failed["failure"]
        assert "out of memory" not in failed["failure"]

    def test_its_words_go_on_answering_and_it_can_be_indexed_again(
        self, place: Place, waiting: int, fake: FakeEncoder
    ) -> None:
        fake.fails_on = "门禁"
        index_all()
        assert place.sections("门禁卡补办多少钱")[0] == "门禁卡补办"
        fake.fails_on = None
        again = place.desk.post(f"/knowledge/documents/{waiting}/reindex").json()
        assert (again["status"], again["failure"], again["embedded"]) == ("uploaded", None, 0)
        index_all()
        assert place.one(waiting)["status"] == "ready"

    def test_an_encoder_that_cannot_be_loaded(
        self, place: Place, waiting: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        encoder.use(None)
        monkeypatch.setattr(encoder._Process, "failure", ImportError("no torch here"))
        assert service.embed_some(0) == 0
        failed = place.one(waiting)
        assert failed["status"] == "failed"
        assert "语义模型没有加载成功" in failed["failure"]
        assert encoder.failure() is None

    def test_without_an_encoder_it_has_it_loaded_and_waits(
        self, place: Place, waiting: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = []
        encoder.use(None)
        monkeypatch.setattr(encoder, "warm", lambda: asked.append(True))
        assert service.embed_some(0) == 0
        assert asked == [True]
        assert place.one(waiting)["status"] == "uploaded"

    def test_nothing_waits_nothing_is_loaded(
        self, place: Place, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        index_all()
        asked = []
        with db.transaction() as session, system_scope(session):
            session.execute(update(Document).values(status="failed"))
        encoder.use(None)
        monkeypatch.setattr(encoder, "warm", lambda: asked.append(True))
        service.embed_some(0)
        assert asked == []


class TestAgain:
    def test_answers_while_it_is_indexed_again(self, place: Place, waiting: int) -> None:
        index_all()
        stop, wrong = threading.Event(), list[str]()

        def ask() -> None:
            while not stop.is_set():
                found = place.ask("门禁卡补办多少钱")
                if not found["found"] or found["passages"][0]["section"] != "门禁卡补办":
                    wrong.append(str(found))

        asking = [threading.Thread(target=ask) for _ in range(2)]
        for thread in asking:
            thread.start()
        for _ in range(2):
            place.desk.post(f"/knowledge/documents/{waiting}/reindex")
            index_all()
            place.upload(RULES + b"\n", replace="true")
            place.upload(RULES, replace="true")
        stop.set()
        for thread in asking:
            thread.join(30)
        assert wrong == []

    def test_another_encoder_makes_all_vectors_anew(self, place: Place, waiting: int) -> None:
        index_all()
        encoder.use(FakeEncoder("another", 64))
        assert place.ask("门禁卡补办多少钱")["found"]
        assert service.embed_some(0) == 1
        assert place.one(waiting)["status"] == "indexing"
        index_all()
        assert (place.one(waiting)["status"], {row.encoder for row in place.rows()}) == ("ready", {"another"})
        assert place.sections("装修施工时间")[0] == "装修时间"

    def test_what_is_being_indexed_can_be_indexed_again(self, place: Place, waiting: int) -> None:
        assert place.desk.post(f"/knowledge/documents/{waiting}/reindex").json()["status"] == "uploaded"
        service.embed_some(0)
        assert place.desk.post(f"/knowledge/documents/{waiting}/reindex").json()["status"] == "uploaded"


class TestMemory:
    def hits(self, memory: index.EstateIndex, question: str) -> list[int]:
        made = encoder.loaded()
        with db.transaction(read_only=True) as session, system_scope(session):
            vector = made.queries([question])[0] if made else None
            return [hit.section_id for hit in memory.search(session, question, made, vector)]

    def test_another_process_sees_each_change_at_its_next_search(self, place: Place, waiting: int) -> None:
        memory = index.EstateIndex(place.community_id)
        card = place.rows()[0].id
        assert self.hits(memory, "门禁卡补办多少钱")[0] == card
        index_all()
        assert self.hits(memory, "门禁卡补办多少钱")[0] == card
        assert memory.parts[card] >= 2
        assert memory.vectors is not None
        everything = len(memory.vectors)

        place.upload(markdown("住户手册", 快递="快递放在东门驿站，每天八点到二十一点有人。"), replace="true")
        assert card not in self.hits(memory, "门禁卡补办多少钱") or place.rows()[0].id == card
        index_all()
        self.hits(memory, "快递")
        assert len(memory.vectors) < everything
        assert set(memory.known) == {row.id for row in place.rows()}

    def test_an_id_that_comes_again_is_another_section(self, place: Place, waiting: int) -> None:
        memory = index.EstateIndex(place.community_id)
        self.hits(memory, "门禁卡")
        place.desk.call("DELETE", f"/knowledge/documents/{waiting}")
        place.put(markdown("新手册", 快递="快递放在东门驿站，每天八点到二十一点有人。"), "新.md")
        found = self.hits(memory, "快递放哪里")
        assert found == [row.id for row in place.rows()]
        assert self.hits(memory, "门禁卡补办") == []

    def test_nothing_is_loaded_when_nothing_changed(
        self, place: Place, waiting: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        memory = index.EstateIndex(place.community_id)
        self.hits(memory, "门禁卡")

        def never(*_: object) -> None:
            raise AssertionError("loaded again")

        monkeypatch.setattr(index.repository, "signatures", never)
        assert self.hits(memory, "门禁卡")
