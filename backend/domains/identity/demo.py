"""The people of the demo community (the contract's table). They exist only while a run is in demo mode."""

from dataclasses import dataclass

from backend.domains.identity.schemas import DemoAccount
from backend.kit.auth import ROLE_TITLES, Role

PASSWORD = "demo1234"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One row: who, what they are, where. ``home`` is (building, unit, room); no community means the company."""

    username: str
    name: str
    role: Role
    community: str | None
    phone: str | None = None
    home: tuple[str, str, str] | None = None
    skills: tuple[str, ...] = ()


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("zhangwei", "张伟", Role.OWNER, "sunshine", "13800000001", ("3", "2", "1201")),
    DemoPerson("wangfang", "王芳", Role.OWNER, "sunshine", "13800000002", ("5", "1", "302")),
    DemoPerson("liuyang", "刘洋", Role.TENANT, "sunshine", "13800000003", ("3", "2", "1101")),
    DemoPerson("chenjing", "陈静", Role.OWNER, "lakeside", "13800000004", ("1", "1", "501")),
    DemoPerson(
        "lishifu", "李强", Role.TECHNICIAN, "sunshine", "13800000005",
        skills=("plumbing", "electrical", "lighting"),
    ),
    DemoPerson(
        "zhaoshifu", "赵军", Role.TECHNICIAN, "sunshine", "13800000006",
        skills=("elevator", "access_security", "fire_safety"),
    ),
    DemoPerson("kefu", "周敏", Role.CUSTOMER_SERVICE, "sunshine", "13800000007"),
    DemoPerson("caiwu", "吴敏", Role.FINANCE, "sunshine", "13800000008"),
    DemoPerson("jingli", "孙磊", Role.MANAGER, "sunshine", "13800000009"),
    DemoPerson("quyu", "郑华", Role.REGIONAL, None, "13800000010"),
    DemoPerson("admin", "管理员", Role.ADMINISTRATOR, None),
)  # fmt: skip

_ESTATES = {"sunshine": "阳光花园", "lakeside": "翠湖里", None: "全公司"}


def accounts() -> list[DemoAccount]:
    """Return the accounts as the log-in page shows them."""
    return [
        DemoAccount(
            username=p.username,
            who=f"{p.name} · {ROLE_TITLES[p.role]}",
            where=_ESTATES[p.community] + (f" {p.home[0]}号楼{p.home[1]}单元{p.home[2]}" if p.home else ""),
        )
        for p in PEOPLE
    ]
