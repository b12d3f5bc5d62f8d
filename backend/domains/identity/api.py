"""Routes of identity: log in, who am I, the demo accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.security import OAuth2PasswordRequestForm
from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import demo, service
from backend.domains.identity.schemas import CommunityOut, DemoOut, HomeOut, MeOut, Token
from backend.kit.auth import ROLE_TITLES, Principal
from backend.kit.fields import sought
from backend.kit.http import PrincipalDep, SessionDep
from backend.kit.problems import NotFound
from backend.settings import get_settings

router = APIRouter(tags=["identity"])


@router.post("/auth/token", summary="Log in")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()], session: SessionDep) -> Token:
    """OAuth2 password form → bearer token."""
    return Token(access_token=service.log_in(session, sought(form.username) or "", form.password))


@router.get("/me", summary="Who am I")
def me(session: SessionDep, who: PrincipalDep) -> MeOut:
    """The logged-in person with roles, rights, estates and homes."""
    view = service.views(session, [who.person_id])[who.person_id]
    communities = {c.id: c for c in estate.communities(session) if c.id in who.community_ids}
    return MeOut(
        id=view.id,
        username=view.username,
        name=view.name,
        phone_masked=service.mask_phone(view.phone),
        roles=list(view.roles),
        role_titles=[ROLE_TITLES[r] for r in view.roles],
        permissions=sorted(who.permissions),
        communities=[CommunityOut(code=c.code, name=c.name) for c in communities.values()],
        homes=_homes(session, who, {c.code: c.name for c in communities.values()}),
    )


def _homes(session: Session, who: Principal, names: dict[str, str]) -> list[HomeOut]:
    return [
        HomeOut(
            community=r.home.community,
            community_name=names[r.home.community],
            building=r.home.building,
            unit=r.home.unit,
            room=r.home.room,
            label=r.label,
        )
        for r in estate.rooms(session, sorted(who.room_ids))
    ]


@router.get("/demo", summary="Demo accounts (demo mode only)")
def demo_accounts() -> DemoOut:
    """The demo community's accounts, so that a newcomer can tap one. 404 outside demo mode."""
    if not get_settings().demo:
        raise NotFound()
    return DemoOut(accounts=demo.accounts())
