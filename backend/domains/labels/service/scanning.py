"""What a label opens: for a stranger, for who lives here, for a technician, for the desk."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.conversations import service as conversations
from backend.domains.estate import service as estate
from backend.domains.labels.domain import OTHER, Kind, Said, Target
from backend.domains.labels.errors import AlreadyTaken, NothingToReport, NothingToTake
from backend.domains.labels.models import Label
from backend.domains.labels.service import strangers
from backend.domains.labels.service.making import opened, target_of
from backend.domains.media import service as media
from backend.domains.workorders import service as workorders
from backend.kit import once, scope
from backend.kit.auth import Principal, Role
from backend.kit.problems import NotFound
from backend.kit.scope import system_scope

TAKEN = workorders.Status.ACCEPTED
SHOWN = 20
LOGIN_FIRST = "请登录"
SCAN = "scan"


@dataclass(frozen=True, slots=True)
class Brief:
    """An order of a device, as its technicians may know it."""

    number: str
    status: str
    status_title: str
    status_tone: str
    category_title: str
    fault: str
    created_at: datetime
    can_take: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """What a label is. ``seen_as``: login (nothing is said), public, resident, technician or desk."""

    kind: Kind
    seen_as: str
    words: str | None = None
    estate: str | None = None
    name: str | None = None
    place_text: str | None = None
    code: str | None = None
    category: str | None = None
    can_report: bool = False
    order: workorders.OrderView | None = None
    can_take: bool = False
    open_orders: list[Brief] = field(default_factory=list)
    history: list[Brief] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a report. ``danger`` says what to do at once."""

    words: str
    number: str
    joined: bool
    danger: conversations.Danger | None = None
    phone: str | None = None


def scan(session: Session, token: str, who: Principal | None) -> Scan:
    """Return what a label is, for whoever scans it. Raises NoSuchLabel, NoSuchOrder."""
    label = opened(session, token)
    kind = Kind(label.kind)
    if kind is Kind.ORDER:
        return _order(session, label, who) if who is not None else Scan(kind, "login", LOGIN_FIRST)
    with system_scope(session):
        target = target_of(session, label)
        here = estate.community(session, label.community_id)
    if who is None or label.community_id not in who.community_ids:
        return Scan(kind, "public", None, here.name, target.name, target.place_text, can_report=True)
    known = Scan(
        kind, _seen_as(who, label.community_id), None, here.name, target.name, target.place_text,
        category=target.category, can_report=True,
    )  # fmt: skip
    if label.community_id not in who.staff_community_ids:
        return known
    return _for_staff(session, known, target, who)


def _seen_as(who: Principal, community_id: int) -> str:
    if community_id not in who.staff_community_ids:
        return "resident"
    return "technician" if Role.TECHNICIAN in who.roles else "desk"


def _order(session: Session, label: Label, who: Principal) -> Scan:
    with system_scope(session):
        number = target_of(session, label).code
    view = workorders.one(session, number, who).order
    takes = any(m.to == TAKEN for m in view.allowed) and Role.TECHNICIAN in who.roles
    return Scan(Kind.ORDER, _seen_as(who, label.community_id), order=view, can_take=takes)


def _for_staff(session: Session, known: Scan, target: Target, who: Principal) -> Scan:
    open_orders: list[Brief] = []
    history: list[Brief] = []
    if target.kind is Kind.ASSET:
        free = {v.number for v in _of(session, target, who) if any(m.to == TAKEN for m in v.allowed)}
        mine = free if Role.TECHNICIAN in who.roles else set()
        with system_scope(session):
            for view in _of(session, target, who):
                brief = _brief(view, view.number in mine)
                (open_orders if view.status in workorders.OPEN_STATUSES else history).append(brief)
    takes = sum(b.can_take for b in open_orders) == 1
    return Scan(
        known.kind, known.seen_as, None, known.estate, known.name, known.place_text, target.code or None,
        known.category, True, None, takes, open_orders, history,
    )  # fmt: skip


def _of(session: Session, target: Target, who: Principal) -> list[workorders.OrderView]:
    wanted = workorders.Filter(asset_id=target.id, community_id=target.community_id)
    return workorders.search(session, wanted, who, None, SHOWN).items


def _brief(view: workorders.OrderView, can_take: bool) -> Brief:
    return Brief(
        view.number, view.status, view.status_title, view.status_tone, view.category_title, view.fault,
        view.created_at, can_take,
    )  # fmt: skip


def take(session: Session, token: str, number: str | None, who: Principal) -> workorders.OrderWithHistory:
    """Take the order of a label, or the one order of a device that may be taken; taking it twice changes nothing.

    For technicians. Raises NothingToTake, AlreadyTaken, NotYourMove, IllegalTransition, NoSuchLabel.
    """
    who.require("workorders.work")
    label = opened(session, token)
    with system_scope(session):
        target = target_of(session, label)
    chosen = target.code if target.kind is Kind.ORDER else number or _only_one(session, target, who)
    try:
        if target.kind is not Kind.ORDER and workorders.get(session, chosen).asset_id != target.id:
            raise NothingToTake("这张工单不是这台设备的。")
        order = workorders.move(session, chosen, workorders.Step(TAKEN), who)
    except NotFound as error:
        here = label.community_id in who.staff_community_ids
        raise (AlreadyTaken() if here else error) from error
    return workorders.shown(session, order, who)


def _only_one(session: Session, target: Target, who: Principal) -> str:
    if target.kind is not Kind.ASSET:
        raise NothingToTake("这里没有可以接的工单。")
    views = _of(session, target, who)
    free = [v.number for v in views if any(m.to == TAKEN for m in v.allowed)]
    mine = [v.number for v in views if v.status == TAKEN and v.technician and v.technician.id == who.person_id]
    if len(free or mine) != 1:
        words = f"这台设备有 {len(free)} 张工单可以接，请选一张。" if free else "这台设备现在没有可以接的工单。"
        raise NothingToTake(words, numbers=free)
    return (free or mine)[0]


def report(session: Session, token: str, said: Said, who: Principal | None) -> Answer:
    """Open an order for the device or place of a label, or add to the one that is there.

    Whoever is not of the estate is a stranger: counted, and without a name. Raises NoSuchLabel, NothingToReport, TooOften.
    """
    label = opened(session, token)
    if label.kind == Kind.ORDER:
        raise NothingToReport()
    speaker = _speaker(session, label, who)
    with system_scope(session):
        target = target_of(session, label)
        here = estate.community(session, label.community_id)
    danger = conversations.find_danger(said.words)
    wanted = _wanted(target, here.code, said, danger, f"label:{label.id}:{said.key}" if said.key else None)
    body = [said.words, said.category, said.phone, list(said.media)]
    if not once.claim(session, speaker.person_id, f"label:{label.id}", said.key, body):
        with system_scope(session):
            found = workorders.scanned_before(session, wanted, label.community_id)
        if found is not None:
            return _answer(found, target, danger, here.phone)
    if not speaker.person_id:
        strangers.count(session, "report", label)
    found = workorders.report_scanned(session, wanted, speaker, said.phone)
    return _answer(found, target, danger, here.phone)


def _speaker(session: Session, label: Label, who: Principal | None) -> Principal:
    """Return who speaks, and bind the session to them: a stranger, unless they belong to the label's estate."""
    if who is not None and label.community_id in who.community_ids:
        return who
    speaker = strangers.stranger(label.community_id)
    scope.bind(session, speaker)
    return speaker


def _wanted(
    target: Target, community: str, said: Said, danger: conversations.Danger | None, key: str | None
) -> workorders.Report:
    return workorders.Report(
        category=danger.category if danger else _category(target, said),
        urgency="emergency" if danger else "normal",
        scope=estate.PUBLIC,
        fault=f"{danger.title}：{said.words}" if danger else said.words,
        community=community,
        building=target.building,
        unit=target.unit,
        floor=target.floor,
        place=target.place,
        raw=said.words,
        asset_id=target.id if target.kind is Kind.ASSET else None,
        attachments=said.media,
        source=SCAN,
        source_key=key,
    )


def _category(target: Target, said: Said) -> str:
    return (
        target.category if target.kind is Kind.ASSET and target.category != OTHER else said.category or target.category
    )


def _answer(found: workorders.Scanned, target: Target, danger: conversations.Danger | None, phone: str) -> Answer:
    number = found.order.number
    if danger is not None:
        words = f"已通知值班人员，马上有人过来。工单 {number}。"
    elif found.joined:
        words = f"这里已经有人报过了（工单 {number}），师傅在处理，您说的也记上了，谢谢您。"
    else:
        words = f"收到，谢谢您。{target.place_text or target.name}，工单 {number}，马上安排师傅去看。"
    return Answer(words, number, found.joined, danger, phone if danger else None)


def add_picture(session: Session, token: str, data: bytes, who: Principal | None) -> media.MediaView:
    """Keep a picture for a report at a label. Raises NoSuchLabel, NothingToReport, TooOften, and what media raises."""
    label = opened(session, token)
    if label.kind == Kind.ORDER:
        raise NothingToReport()
    speaker = _speaker(session, label, who)
    if not speaker.person_id:
        strangers.count(session, "picture", label)
    return media.store(session, speaker, data)
