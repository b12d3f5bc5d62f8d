"""Find what the bot may have got wrong: in messages, and in what staff changed afterwards (the audit log).

Reads on from a mark and a little back, because rows of transactions that run side by side become visible out of order;
what was found before (same source) is left alone. System work.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.conversations.service import heard
from backend.domains.conversations.service.heard import Heard
from backend.domains.identity import service as identity
from backend.domains.training import masking, repository
from backend.domains.training.domain import (
    DENY,
    EMERGENCY,
    FALLBACK_INTENT,
    FIELDS,
    ORDER_FIELDS,
    REPORTING,
    WHY_TITLES,
    SampleState,
    Why,
)
from backend.domains.training.models import Sample, SampleReason
from backend.domains.vocabulary.intents import INTENT_TITLES
from backend.domains.workorders import service as workorders
from backend.domains.workorders.service import origin
from backend.kit import clock
from backend.kit.audit import AuditLine
from backend.kit.auth import STAFF_ROLES
from backend.settings import get_settings

LOOK_BACK = 200
BATCH = 500
SETTLES_WITHIN = timedelta(minutes=10)
ANSWERS_WITHIN = timedelta(minutes=30)
MESSAGES, AUDIT = "messages", "audit"
NONE_OF_THESE = "/out_of_scope"
NO_DANGER = "没有危险"
AFTERWARDS = "afterwards"
"""Key in what a message keeps when the bot was asked only after it had been answered."""
NOT_MEANT = re.compile(
    r"(?:不[是对]?[，,\s]*|你们?|您|又|我)*"
    r"(?:不是(?:这个|那个)?意思|都不是|不是这个|(?:理解|听|弄|搞)错|不对不对|答非所问|不是问这个|没说这个|没听?懂)"
    r"(?:我的?(?:话|意思))?[了啦啊吧呀。.!！~\s]*"
)
HANDED = {"not_understood": "管家没听懂，转给了客服", "failed": "管家没办成，转给了客服", "asked": "接着就要找人工"}
ROLE_ORDER = ("technician", "manager", "regional", "customer_service", "finance", "administrator", "owner", "tenant")


@dataclass(frozen=True, slots=True)
class Found:
    """A reason to look at a message. ``suggestion`` is what somebody showed it to mean."""

    said: Heard
    why: Why
    source: str
    at: datetime
    text: str | None = None
    suggestion: Mapping[str, Any] | None = None


def gather(session: Session, again: bool = False) -> int:
    """List what is new; ``again``: look at the latest messages once more. Returns how many reasons were found."""
    found = [*_from_messages(session, again), *_from_audit(session)]
    known = repository.known_sources(session, [f.source for f in found])
    fresh = {f.source: f for f in found if f.source not in known}
    for one in fresh.values():
        add(session, one)
    return len(fresh)


def add(session: Session, found: Found) -> Sample:
    """List a message, or give a listed one a further reason. A label that somebody has given stays."""
    said = found.said
    sample = repository.of_message(session, said.id)
    if sample is None:
        sample = _new_sample(session, said)
    priority = list(WHY_TITLES).index(found.why)
    sample.priority = min(sample.priority, priority)
    if found.suggestion:
        sample.suggestion = {**(sample.suggestion or {}), **found.suggestion}
    if sample.state == SampleState.SKIPPED and found.why is not Why.LOW:
        sample.state = SampleState.WAITING  # something new is known about it
    session.flush()
    session.add(
        SampleReason(
            community_id=sample.community_id,
            sample_id=sample.id,
            why=found.why,
            source=found.source,
            text=masking.mask(found.text, names_of(session, said.community_id)) if found.text else None,
            at=found.at,
        )
    )
    session.flush()
    return sample


def _new_sample(session: Session, said: Heard) -> Sample:
    top = said.ranking[0] if said.ranking else {}
    names = names_of(session, said.community_id)
    made = Sample(
        community_id=said.community_id,
        message_id=said.id,
        said_at=said.at,
        role=role_of(session, said.person_id),
        text=masking.mask(said.text, names),
        intent=said.intent,
        confidence=top.get("confidence", (said.nlu.get("intent") or {}).get("confidence")),
        ranking=said.ranking,
        items=[_without_names(item, names) for item in said.nlu.get("items") or []],
        model=said.nlu.get("model"),
        priority=len(WHY_TITLES),
        state=SampleState.WAITING,
        created_at=clock.now(),
    )
    session.add(made)
    return made


def _without_names(item: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {k: masking.mask(v, names) if k in ("text", "fault", "place_words") and v else v for k, v in item.items()}


def names_of(session: Session, community_id: int) -> list[str]:
    """Return the names of everybody of the estate, so that none of them is left in a text."""
    cached: dict[int, list[str]] = session.info.setdefault("training_names", {})
    if community_id not in cached:
        cached[community_id] = identity.names_in(session, community_id)
    return cached[community_id]


def role_of(session: Session, person_id: int) -> str:
    """Return the role that the model is told, the most telling one where somebody has several."""
    person = identity.views(session, [person_id]).get(person_id)
    roles = [str(role) for role in person.roles] if person else []
    return next((role for role in ROLE_ORDER if role in roles), "owner")


def _from_messages(session: Session, again: bool) -> list[Found]:
    mark = repository.mark(session, MESSAGES)
    found: list[Found] = []
    if mark.last_id == heard.newest(session) and not again:
        return found
    for said in heard.after(session, max(0, mark.last_id - LOOK_BACK), LOOK_BACK + BATCH):
        if not said.settled and clock.now() - said.at < SETTLES_WITHIN:
            break  # its turn is not over: look again next time
        mark.last_id = max(mark.last_id, said.seq)
        found += _about_itself(said) + _about_the_one_before(session, said)
    return found


def _about_itself(said: Heard) -> list[Found]:
    if said.is_tap or not said.nlu or NOT_MEANT.fullmatch(said.text.strip()):
        return []
    if AFTERWARDS in said.nlu:  # it was answered without the bot: by the danger layer or by staff
        missed = said.nlu[AFTERWARDS] == Why.MISSED_DANGER
        text = f"词语规则认出来了，管家会听成「{INTENT_TITLES.get(said.intent or '', '没听懂')}」"
        source = f"message:{said.id}:{Why.MISSED_DANGER}"
        return [Found(said, Why.MISSED_DANGER, source, said.at, text, {"intent": EMERGENCY})] if missed else []
    sure = said.ranking[0]["confidence"] if said.ranking else 0.0
    if said.intent == FALLBACK_INTENT:
        return [Found(said, Why.FALLBACK, f"message:{said.id}:{Why.FALLBACK}", said.at)]
    if said.ranking and sure < get_settings().training_low_confidence:
        return [Found(said, Why.LOW, f"message:{said.id}:{Why.LOW}", said.at, f"只有 {sure:.0%} 的把握")]
    return []


def _about_the_one_before(session: Session, said: Heard) -> list[Found]:
    """What a message says about the one before it: 「不是这个意思」, 都不是, 没有危险, or which meaning was tapped."""
    meant = said.text.split("{")[0].removeprefix("/") if said.is_tap else None
    no = DENY in (said.intent, meant) or (said.label or "").startswith(NO_DANGER)
    rejects = said.text == NONE_OF_THESE if said.is_tap else bool(NOT_MEANT.fullmatch(said.text.strip()))
    if not (no or rejects or said.is_tap):
        return []
    before = heard.typed_before(session, said.conversation_id, seq=said.seq)
    if before is None or said.at - before.at > ANSWERS_WITHIN:
        return []
    source = f"message:{said.id}:about"
    if no and before.intent == EMERGENCY:
        text = f"问有没有危险，答「{said.label or said.text}」"
        instead = {"intent": meant} if meant in INTENT_TITLES and meant != DENY else None
        return [Found(before, Why.FALSE_ALARM, source, said.at, text, instead)]
    if rejects and before.nlu:
        return [Found(before, Why.REJECTED, source, said.at, f"接着说「{said.label or said.text}」")]
    if meant in INTENT_TITLES and before.intent == FALLBACK_INTENT:
        chosen = f"点了「{said.label or INTENT_TITLES[meant]}」"
        return [Found(before, Why.FALLBACK, source, said.at, chosen, {"intent": meant})]
    return []


def _from_audit(session: Session) -> list[Found]:
    mark = repository.mark(session, AUDIT)
    newest = repository.newest_audit_id(session)
    if mark.last_id == newest:
        return []
    lines = repository.audit_after(session, max(0, mark.last_id - LOOK_BACK), LOOK_BACK + BATCH)
    mark.last_id = lines[-1].id if len(lines) == LOOK_BACK + BATCH else max(mark.last_id, newest)
    found: list[Found] = []
    for line in lines:
        found += _ABOUT[line.entity](session, line)
    return found


def _about_talk(session: Session, line: AuditLine) -> list[Found]:
    """A conversation was handed to staff: the message that led to it; for 「转人工」 the one before that."""
    reason = (line.after or {}).get("reason")
    if reason not in HANDED:
        return []
    said = heard.typed_before(session, line.entity_id, at=line.at)
    if said is not None and said.intent == "handoff":
        said = heard.typed_before(session, line.entity_id, seq=said.seq)
    if said is None or not said.nlu or line.at - said.at > ANSWERS_WITHIN:
        return []
    return [Found(said, Why.HAND_OVER, f"audit:{line.id}", line.at, HANDED[reason])]


def _about_order(session: Session, line: AuditLine) -> list[Found]:
    """Staff corrected or merged an order that a message had opened."""
    after, before = line.after or {}, line.before or {}
    if line.actor_id is None or line.channel == "bot" or not _is_staff(session, line.actor_id):
        return []
    if after.get("merged_into"):
        return _found(session, line, int(line.entity_id), Why.MERGED, f"合并到 {after['merged_into']}", None)
    changed = {name: title for name, title in ORDER_FIELDS.items() if name in after}
    if not changed:
        return []
    text = "；".join(f"{t}：{_word(n, before.get(n))} → {_word(n, after.get(n))}" for n, t in changed.items())
    shown = {n: after[n] for n in FIELDS if after.get(n)}
    return _found(session, line, int(line.entity_id), Why.STAFF_FIELDS, text, shown)


def _about_pair(session: Session, line: AuditLine) -> list[Found]:
    """Two reports that were taken for the same fault are not: the message of the later one."""
    pair = [(line.after or {}).get(name) for name in ("second_id", "first_id")]
    text = "员工说不是同一个问题" if (line.after or {}).get("by_staff") else "业主说不是同一个问题"
    for order_id in pair:
        found = _found(session, line, int(order_id), Why.SPLIT, text, None) if order_id else []
        if found:
            return found
    return []


def _found(
    session: Session, line: AuditLine, order_id: int, why: Why, text: str, suggestion: Mapping[str, Any] | None
) -> list[Found]:
    message_id = origin.message_of(session, order_id)
    said = heard.by_id(session, message_id) if message_id else None
    if said is not None and said.intent not in REPORTING and not said.nlu.get("items"):
        said = heard.typed_before(session, said.conversation_id, seq=said.seq) or said  # it answered a question
    return [Found(said, why, f"audit:{line.id}", line.at, text, suggestion)] if said is not None else []


_TABLES: dict[str, Mapping[str, str]] = {
    "category": workorders.CATEGORIES,
    "urgency": workorders.URGENCIES,
    "scope": workorders.SCOPES,
}


def _word(name: str, value: Any) -> str:
    return "无" if value in (None, "") else _TABLES.get(name, {}).get(str(value), str(value))


def _is_staff(session: Session, person_id: int) -> bool:
    person = identity.views(session, [person_id]).get(person_id)
    return person is not None and bool(set(person.roles) & STAFF_ROLES)


_ABOUT = {"conversations": _about_talk, "work_orders": _about_order, "not_same_faults": _about_pair}
