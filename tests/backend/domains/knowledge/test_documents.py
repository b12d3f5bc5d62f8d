"""Documents of an estate: uploaded, replaced, listed, deleted, by those who may and by nobody else."""

import pytest
from sqlalchemy import select

from backend.domains.knowledge import files
from backend.domains.knowledge.models import Document
from backend.kit.audit import AuditLine
from backend.kit.auth import Role
from backend.settings import get_settings
from tests.backend.conftest import sqlite_only
from tests.backend.domains.knowledge import making
from tests.backend.domains.knowledge.conftest import RULES, Place, index_all
from tests.backend.domains.knowledge.making import FakeEncoder
from tests.backend.support import User, World, is_problem


class TestUpload:
    def test_it_is_cut_and_waits_for_its_vectors(self, place: Place) -> None:
        made = place.upload().json()
        assert (made["title"], made["status"], made["sections"], made["embedded"]) == ("住户手册", "uploaded", 3, 0)
        assert (made["community"], made["uploaded_by"], made["failure"]) == (place.code, "新人", None)

    @pytest.mark.parametrize(
        ("name", "data", "kind"),
        [
            ("停车.docx", making.word([("Heading 1", "临时停车"), ("Normal", "每小时五元，封顶三十元。")]), "docx"),
            ("停车.pdf", making.pdf([["临时停车每小时五元，不足一小时按一小时算，封顶三十元。"]]), "pdf"),
            ("停车.txt", "临时停车每小时五元，不足一小时按一小时算。".encode("gb18030"), "md"),
        ],
    )
    def test_each_kind_answers_by_its_words_at_once(self, place: Place, name: str, data: bytes, kind: str) -> None:
        assert place.upload(data, name).json()["kind"] == kind
        assert "五元" in place.ask("临时停车每小时多少钱")["passages"][0]["text"]

    def test_the_same_file_twice_is_one_document(self, place: Place) -> None:
        assert place.put() == place.put()

    def test_another_file_of_that_name_needs_a_yes(self, place: Place) -> None:
        first = place.put()
        newer = making.markdown("住户手册", 门禁卡补办="门禁卡丢失后补办每张 25 元，带身份证到服务中心办理。")
        problem = is_problem(place.upload(newer), 409)
        assert (problem["type"], problem["document_id"]) == ("/problems/document-exists", first)
        assert "20 元" in place.ask("门禁卡补办多少钱")["passages"][0]["text"]

        replaced = place.upload(newer, replace="true").json()
        assert (replaced["id"], replaced["sections"]) == (first, 1)
        assert "25 元" in place.ask("门禁卡补办多少钱")["passages"][0]["text"]
        assert place.sections("生活垃圾几点投放") == []

    def test_a_replaced_document_keeps_the_vectors_of_what_it_still_says(self, place: Place, fake: FakeEncoder) -> None:
        place.put()
        index_all()
        fake.seen.clear()
        place.upload(RULES + "\n\n## 快递\n\n快递放在东门驿站，每天八点到二十一点有人。".encode(), replace="true")
        assert index_all() == 1
        assert all("快递" in text for text in fake.seen)

    def test_the_change_is_in_the_audit_log(self, place: Place) -> None:
        place.put()
        lines = place.world.rows(select(AuditLine).where(AuditLine.community_id == place.community_id))
        line = next(line for line in lines if line.entity == "documents")
        assert (line.action, line.actor_id, line.after["file_name"]) == ("create", place.desk.id, "手册.md")

    def test_the_same_upload_twice_at_once_is_one(self, place: Place) -> None:
        from tests.backend.support import together

        answers = together([place.upload, place.upload])
        assert {a.status_code for a in answers} <= {201, 409}
        assert len(place.desk.get("/knowledge/documents").json()["items"]) == 1


@sqlite_only
class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "data", "status", "words"),
        [
            ("空.md", b"", 422, "文件是空的"),
            ("空.md", b"# \n\n", 422, "没有读到文字"),
            ("病毒.exe", b"MZ\x90\x00" * 100, 415, "只支持"),
            ("网页.html", b"<html><script>alert(1)</script></html>", 415, "只支持"),
            ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, 415, "另存为 .docx"),
            ("坏.docx", b"PK\x03\x04" + b"\x00" * 100, 422, "已损坏"),
            ("坏.pdf", b"%PDF-1.4 nothing", 422, "已损坏"),
            ("扫描.pdf", making.pdf([[], []]), 422, "扫描件"),
            ("锁.pdf", making.encrypted(making.pdf([["一份有密码的文件"]]), "x"), 422, "加了密码"),
            ("长.pdf", making.pdf([["页"]] * 301), 413, "最多 300 页"),
            ("长.txt", "这句话一共有十二个字。".encode() * 60_000, 413, "个字"),
        ],
    )
    def test_a_file_that_is_not_taken_says_why(
        self, place: Place, name: str, data: bytes, status: int, words: str
    ) -> None:
        assert words in is_problem(place.upload(data, name), status)["detail"]
        assert place.desk.get("/knowledge/documents").json()["items"] == []

    def test_a_file_over_the_limit(self, place: Place) -> None:
        is_problem(place.upload(b"a" * (get_settings().upload_limit_bytes + 1)), 413)
        is_problem(place.upload(b"a" * (get_settings().upload_limit_bytes + 10 * 1024 * 1024)), 413)

    def test_a_name_is_only_shown(self, place: Place) -> None:
        made = place.upload(RULES, "../../../tmp/<b>手册.md").json()
        assert made["file_name"] == "<b>手册.md"

    def test_no_file(self, place: Place) -> None:
        answer = place.desk.call("POST", "/knowledge/documents", data={"community": place.code})
        assert is_problem(answer, 422)["errors"][0]["field"] == "file"


class TestRights:
    def test_only_those_who_manage_it(self, place: Place) -> None:
        document_id = place.put()
        technician = place.world.new(Role.TECHNICIAN, place.code)
        finance = place.world.new(Role.FINANCE, place.code)
        for who in (place.owner, technician, finance):
            is_problem(place.upload(who=who), 403)
            is_problem(who.get("/knowledge/documents"), 403)
            is_problem(who.get(f"/knowledge/documents/{document_id}"), 403)
            is_problem(who.get(f"/knowledge/documents/{document_id}/file"), 403)
            is_problem(who.call("DELETE", f"/knowledge/documents/{document_id}"), 403)
            is_problem(who.post(f"/knowledge/documents/{document_id}/reindex"), 403)
            is_problem(who.post("/knowledge/try", {"question": "门禁卡"}), 403)

    @pytest.mark.parametrize("role", [Role.CUSTOMER_SERVICE, Role.MANAGER])
    def test_another_estates_document_is_not_there(self, place: Place, role: Role) -> None:
        document_id = place.put()
        stranger = place.world.new(role, "lakeside")
        for answer in (
            stranger.get(f"/knowledge/documents/{document_id}"),
            stranger.get(f"/knowledge/documents/{document_id}/file"),
            stranger.call("DELETE", f"/knowledge/documents/{document_id}"),
            stranger.post(f"/knowledge/documents/{document_id}/reindex"),
        ):
            is_problem(answer, 404)
        assert document_id not in [d["id"] for d in stranger.get("/knowledge/documents").json()["items"]]
        is_problem(stranger.get("/knowledge/documents", community=place.code), 422)
        is_problem(place.upload(who=stranger, community=place.code), 422)
        assert place.one(document_id)["sections"] == 3

    def test_who_lives_in_an_estate_and_works_in_another_does_not_manage_it(self, place: Place) -> None:
        document_id = place.put()
        resident = place.world.new(Role.CUSTOMER_SERVICE, "lakeside")
        with place.world.session_for(place.desk) as session:
            from backend.domains.identity import service as identity
            from backend.kit.scope import system_scope

            with system_scope(session):
                identity.add_membership(session, resident.id, Role.OWNER, place.community_id)
            session.commit()
        assert place.ask("门禁卡补办多少钱", resident)["found"]
        is_problem(resident.call("DELETE", f"/knowledge/documents/{document_id}"), 404)
        is_problem(resident.get(f"/knowledge/documents/{document_id}"), 404)

    def test_one_who_works_in_several_says_where(self, place: Place) -> None:
        is_problem(place.upload(who=place.world.quyu), 422)
        made = place.upload(who=place.world.quyu, community=place.code).json()
        assert made["community"] == place.code
        listed = place.world.quyu.get("/knowledge/documents", community=place.code).json()["items"]
        assert [d["id"] for d in listed] == [made["id"]]

    def test_nobody_without_a_log_in(self, world: World) -> None:
        is_problem(world.client.post("/api/v1/knowledge/documents", files={"file": ("a.md", b"x")}), 401)
        is_problem(world.client.post("/api/v1/knowledge/answer", json={"question": "x"}), 401)


class TestList:
    def test_newest_first_in_pages(self, place: Place) -> None:
        ids = [
            place.put(making.markdown(f"第{n}份", 内容=f"这是第{n}份文件的内容，说一件事。"), f"{n}.md")
            for n in range(3)
        ]
        first = place.desk.get("/knowledge/documents", limit=2).json()
        rest = place.desk.get("/knowledge/documents", limit=2, cursor=first["next"]).json()
        assert [d["id"] for d in first["items"] + rest["items"]] == ids[::-1]
        assert rest["next"] is None

    def test_the_sections_in_reading_order(self, place: Place) -> None:
        parts = place.one(place.put())["parts"]
        assert [p["title"] for p in parts] == ["门禁卡补办", "垃圾分类", "装修时间"]

    def test_the_file_comes_back_as_it_went(self, place: Place) -> None:
        answer = place.desk.get(f"/knowledge/documents/{place.put()}/file")
        assert answer.content == RULES
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize("document_id", ["0", "999999999", "99999999999999999999", "x"])
    def test_what_does_not_exist(self, place: Place, document_id: str) -> None:
        assert place.desk.get(f"/knowledge/documents/{document_id}").status_code in (404, 422)


class TestDelete:
    def test_nothing_of_it_is_quoted_any_more(self, place: Place) -> None:
        document_id = place.put()
        assert place.ask("门禁卡补办多少钱")["found"]
        assert place.desk.call("DELETE", f"/knowledge/documents/{document_id}").status_code == 204
        assert place.ask("门禁卡补办多少钱") == {"found": False, "passages": []}
        is_problem(place.desk.call("DELETE", f"/knowledge/documents/{document_id}"), 404)
        assert place.rows() == []

    def test_the_file_goes_with_the_last_document_that_has_it(self, place: Place) -> None:
        data = making.markdown(place.code, 内容="这份文件有两个名字，内容只有一份。")
        first, second = place.put(data, "甲.md"), place.put(data, "乙.md")
        sha256 = place.world.rows(select(Document.sha256).where(Document.id == first))[0]
        place.desk.call("DELETE", f"/knowledge/documents/{first}")
        assert files.path_of(sha256).exists()
        place.desk.call("DELETE", f"/knowledge/documents/{second}")
        assert not files.path_of(sha256).exists()


class TestSeed:
    def test_the_handbooks_answer_before_anything_is_indexed(self, world: World) -> None:
        from backend.kit import encoder

        assert encoder.loaded() is None
        asked = {"question": "门禁卡补办多少钱"}
        sunshine = world.zhangwei.post("/knowledge/answer", asked).json()
        lakeside = world.chenjing.post("/knowledge/answer", asked).json()
        assert "20 元" in sunshine["passages"][0]["text"]
        assert "30 元" in lakeside["passages"][0]["text"]
        assert {p["community"] for p in sunshine["passages"]} == {"sunshine"}
        assert {p["community"] for p in lakeside["passages"]} == {"lakeside"}

    def test_the_roles_that_manage_them(self, world: World) -> None:
        managing = {
            name for name in ("kefu", "jingli", "quyu", "admin", "caiwu", "lishifu", "zhangwei")
            if world.people[name].get("/knowledge/documents").status_code == 200
        }  # fmt: skip
        assert managing == {"kefu", "jingli", "quyu", "admin"}


def test_a_name_of_somebody_gone_is_no_reason_to_fail(place: Place, world: World) -> None:
    made = place.upload().json()
    with world.retired(place.desk):
        pass
    listed = world.quyu.get(f"/knowledge/documents/{made['id']}").json()
    assert listed["uploaded_by"] == "新人"


def user_names(users: list[User]) -> list[str]:
    return [user.username for user in users]
