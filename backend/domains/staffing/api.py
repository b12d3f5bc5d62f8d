"""Routes of people."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.staffing import service
from backend.domains.staffing.schemas import PersonOut, PersonPage
from backend.domains.workorders import service as workorders
from backend.kit.auth import ROLE_TITLES, Principal, Role
from backend.kit.fields import Sought
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.kit.paging import Cursor, Limit, decode_int

router = APIRouter(prefix="/people", tags=["people"])


@router.get("", dependencies=[requires("people.read")], summary="Find people")
def list_people(
    session: SessionDep,
    who: PrincipalDep,
    q: Sought = None,
    role: Role | None = None,
    community: Annotated[str | None, Query(max_length=32)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PersonPage:
    """People of one's estates by name, username, whole phone number or address; technicians with their open orders."""
    codes = {c.id: c.code for c in estate.communities(session) if c.id in who.staff_community_ids}
    wanted = service.Wanted(
        q=q,
        role=role,
        community_id=estate.filter_id(session, community, who.staff_community_ids),
    )
    page = service.search(session, wanted, decode_int(cursor), limit)
    load = workorders.load_by_technician(session, sorted(codes))
    homes = {r.id: r.label for r in estate.rooms(session, [i for p in page.items for i in p.room_ids])}
    items = [_out(p, who, codes, homes, load.get(p.id, 0)) for p in page.items]
    return PersonPage(items=items, next=page.next)


def _out(
    person: identity.PersonView, who: Principal, codes: dict[int, str], homes: dict[int, str], open_orders: int
) -> PersonOut:
    return PersonOut(
        id=person.id,
        username=person.username,
        name=person.name,
        roles=list(person.roles),
        role_titles=[ROLE_TITLES[r] for r in person.roles],
        skills=list(person.skills),
        skill_titles=[workorders.CATEGORIES.get(s, s) for s in person.skills],
        phone_masked=identity.mask_phone(person.phone),
        phone=identity.phone_for(person, who),
        homes=[homes[i] for i in person.room_ids if i in homes],
        communities=[code for i, code in codes.items() if service.belongs(person, i)],
        open_orders=open_orders,
    )
