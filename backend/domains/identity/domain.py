"""People as other domains see them. Pure."""

from dataclasses import dataclass

from backend.kit.auth import Principal, Role


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person outside the session. ``phone`` is whole: mask it before it is shown to anyone but staff."""

    id: int
    username: str
    name: str
    phone: str | None
    roles: tuple[Role, ...]
    skills: tuple[str, ...]
    community_ids: tuple[int, ...]
    room_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """A name and a number. ``phone`` is whole: mask it before it is shown to anyone but staff."""

    id: int
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is needed to register somebody."""

    username: str
    name: str
    phone: str | None
    password: str | None
    skills: tuple[str, ...] = ()


def mask_phone(phone: str | None) -> str | None:
    """Return 138****0001 for 13800000001."""
    if not phone:
        return None
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"


MAY_CALL = frozenset({"workorders.manage", "workorders.work"})


def may_call(who: Principal) -> bool:
    """Tell whether somebody runs or does orders and so may have to call people: the one rule for whole numbers."""
    return bool(who.permissions & MAY_CALL)


def phone_for(person: PersonView, who: Principal) -> str | None:
    """Return the whole number for those who may call, None for everybody else."""
    return person.phone if may_call(who) else None


def called(name: str, role: Role) -> str:
    """Return how people are spoken of: 李师傅 for a technician, the full name for others."""
    return f"{name[:1]}师傅" if role is Role.TECHNICIAN else name
