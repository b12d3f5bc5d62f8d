"""Accounts of a channel that nobody is bound to: danger is answered and reported, the rest is how to bind."""

from sqlalchemy.orm import Session

from backend.domains.channels import service as channels
from backend.domains.channels.service import Spoken, Told
from backend.domains.conversations import danger, danger_model
from backend.domains.conversations.danger import Danger
from backend.domains.estate import service as estate
from backend.domains.workorders import service as workorders
from backend.kit import counting, scope
from backend.kit.auth import Principal
from backend.kit.problems import Problem

GUEST = "微信来客"
MOST_REPORTS, WINDOW_S = 5, 600
WORDS = (channels.Kind.TEXT, channels.Kind.VOICE)
REPORTED = "已通知{estate}值班人员，工单 {number}。位置没说清请再说一句：几号楼、哪里。物业值班 {phone}。"
WHICH_ESTATE = "请再说一遍，带上小区名字，我马上通知值班（{names}）。"
TOO_OFTEN = "已经收到好几条了，请直接打物业值班电话：{names}。"


def answer(session: Session, said: Spoken) -> Told:
    """Return the answer to somebody we do not know."""
    if said.kind in WORDS:
        found = danger.certain(said.text, danger_model.score(said.text))
        if found is not None:
            return Told("\n".join((f"【{found.title}】", *found.lines, _reported(session, said, found))))
    return channels.to_stranger(session, said)


def _reported(session: Session, said: Spoken, found: Danger) -> str:
    """Open an emergency order where it is clear in which estate, and return what came of it."""
    everywhere = estate.communities(session)
    named = [c for c in everywhere if c.name in said.text]
    here = named if named else everywhere
    phones = "，".join(f"{c.name} {c.phone}" for c in everywhere)
    if len(here) != 1:
        return WHICH_ESTATE.format(names=phones)
    account = f"{said.channel}:{said.channel_user}"
    if counting.count_one(session, "guest-report", "account", account, WINDOW_S) > MOST_REPORTS:
        return TOO_OFTEN.format(names=phones)
    who = Principal(0, GUEST, frozenset(), frozenset({here[0].id}), channel=said.channel)
    scope.bind(session, who)
    wanted = _wanted(session, said, found, who, here[0])
    order = workorders.report_scanned(session, wanted, who).order
    return REPORTED.format(estate=here[0].name, number=order.number, phone=here[0].phone)


def _wanted(
    session: Session, said: Spoken, found: Danger, who: Principal, here: estate.CommunityView
) -> workorders.Report:
    item = workorders.Item(said.text, found.category, "emergency", None, 0.0, None, said.text)
    try:
        made = workorders.drafts(session, [item], who, answer="").drafts[0]
        where, asset_id = made.location, made.asset_id
    except Problem:  # no word keeps an emergency from opening
        where, asset_id = estate.Location(here.code, raw=said.text), None
    return workorders.Report(
        category=found.category,
        urgency="emergency",
        scope=estate.PUBLIC,
        fault=f"{found.title}：{said.text}"[:2000],
        community=here.code,
        building=where.building,
        unit=where.unit,
        floor=where.floor,
        place=where.place,
        raw=said.text,
        asset_id=asset_id,
        source=said.channel,
        source_key=f"guest:{said.external_id}"[:100],
    )
