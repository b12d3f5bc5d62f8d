"""Make, print and revoke labels. A target has one label at a time; it is made when it is first asked for."""

import secrets
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from backend.domains.equipment import service as equipment
from backend.domains.estate import service as estate
from backend.domains.labels import repository
from backend.domains.labels.domain import CATEGORY_OF, OTHER, Kind, Printed, Target
from backend.domains.labels.errors import NoSuchLabel
from backend.domains.labels.models import Label
from backend.domains.workorders import service as workorders
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope
from backend.settings import get_settings

TOKEN_BYTES = 16
"""128 bits: not to be guessed."""
LARGEST_ID = 2**63 - 1


def _assets(session: Session, ids: Sequence[str]) -> list[Target]:
    found = equipment.views(session, _numbers(ids))
    return [
        Target(
            Kind.ASSET, a.id, a.community_id, a.name, a.code, _words(session, a.community_id, a),
            a.building, a.unit, a.floor, a.place or a.name, CATEGORY_OF.get(a.kind, OTHER),
        )
        for a in found.values()
    ]  # fmt: skip


def _words(session: Session, community_id: int, asset: equipment.AssetView) -> str:
    code = estate.community(session, community_id).code
    return estate.in_words(estate.Location(code, asset.building, asset.unit, asset.floor, None, asset.place))


def _places(session: Session, ids: Sequence[str]) -> list[Target]:
    return [_place(p) for p in estate.places_by_id(session, _numbers(ids)).values()]


def _place(p: estate.PlaceView) -> Target:
    where = estate.Location(None, p.building, p.unit, p.floor, None, p.name)
    words = estate.in_words(where)
    return Target(Kind.PLACE, p.id, p.community_id, p.name, "", words, p.building, p.unit, p.floor, p.name)


def _orders(session: Session, ids: Sequence[str]) -> list[Target]:
    found = {o.id: o for o in (workorders.get(session, number) for number in ids)}
    return [Target(Kind.ORDER, o.id, o.community_id, f"工单 {o.number}", o.number, "") for o in found.values()]


_TARGETS: Mapping[Kind, Callable[[Session, Sequence[str]], list[Target]]] = {
    Kind.ASSET: _assets,
    Kind.PLACE: _places,
    Kind.ORDER: _orders,
}


def _numbers(ids: Sequence[str]) -> list[int]:
    return [int(i) for i in ids if i.isascii() and i.isdigit() and int(i) <= LARGEST_ID]


def places(session: Session, community_id: int) -> list[Target]:
    """Return the named places of an estate, which may get labels."""
    return [_place(p) for p in estate.places(session, community_id)]


def printed(session: Session, kind: Kind, ids: Sequence[str], who: Principal) -> list[Target]:
    """Return what labels are wanted for, in the order given. Raises InvalidInput when something is not the desk's."""
    wanted = list(dict.fromkeys(ids))
    found = [t for t in _TARGETS[kind](session, wanted) if t.community_id in who.staff_community_ids]
    if len(found) != len(wanted) or not wanted:
        raise InvalidInput("有的编号没有找到，请刷新后重新选择。", errors=[{"field": "ids", "message": "没有找到"}])
    place = {key: n for n, key in enumerate(wanted)}
    return sorted(found, key=lambda t: place.get(str(t.id), place.get(t.code, 0)))


def make(session: Session, targets: Sequence[Target]) -> list[Printed]:
    """Return the labels of these targets; those without one get it now. System work of a desk that may see them."""
    with system_scope(session):
        known = repository.live(session, [_live_key(t) for t in targets])
        made = [_made(session, t, known) for t in targets]
        names = {i: estate.community(session, i).name for i in {t.community_id for t in targets}}
    return [
        Printed(t, names[t.community_id], address(row.token), row.token) for t, row in zip(targets, made, strict=True)
    ]


def _live_key(target: Target) -> str:
    return f"{target.kind}:{target.id}"


def _made(session: Session, target: Target, known: Mapping[str, Label]) -> Label:
    key = _live_key(target)
    if key in known:
        return known[key]
    label = Label(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        kind=target.kind,
        target_id=target.id,
        live_key=key,
        community_id=target.community_id,
        created_at=clock.now(),
    )
    return label if repository.add(session, label) else repository.live(session, [key])[key]


def address(token: str) -> str:
    """Return what stands in the QR code."""
    return f"{get_settings().public_url.rstrip('/')}/s/{token}"


def opened(session: Session, token: str) -> Label:
    """Return a label that is in use, whoever asks: its token is the secret. Raises NoSuchLabel."""
    with system_scope(session):
        label = repository.by_token(session, token)
    if label is None:
        raise NoSuchLabel()
    return label


def revoke(session: Session, token: str, who: Principal) -> None:
    """Make a label useless (lost, copied, torn off); the next one printed is another. Raises NoSuchLabel."""
    label = opened(session, token)
    if label.community_id not in who.staff_community_ids:
        raise NoSuchLabel()
    label.revoked_at, label.live_key = clock.now(), None
    session.flush()


def target_of(session: Session, label: Label) -> Target:
    """Return what a label is on. Raises NoSuchLabel when that is gone. System work."""
    kind = Kind(label.kind)
    number = workorders.numbers(session, [label.target_id]).get(label.target_id, "")
    found = _TARGETS[kind](session, [number if kind is Kind.ORDER else str(label.target_id)])
    if not found:
        raise NoSuchLabel()
    return found[0]
