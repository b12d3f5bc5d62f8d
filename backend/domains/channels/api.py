"""Routes of bindings: see them, end them."""

from fastapi import APIRouter

from backend.domains.channels import service
from backend.domains.channels.schemas import BindingOut, BindingsOut
from backend.kit.fields import SoughtId
from backend.kit.http import PrincipalDep, SessionDep

router = APIRouter(prefix="/channels/bindings", tags=["channels"])


@router.get("", summary="Accounts of channels that are bound")
def list_bindings(session: SessionDep, who: PrincipalDep, person: SoughtId | None = None) -> BindingsOut:
    """One's own; for those who may read people, a person's of their estates."""
    found = service.bindings(session, [person or who.person_id])
    return BindingsOut(items=[BindingOut.model_validate(b) for b in found])


@router.delete("/{binding_id}", status_code=204, summary="End a binding")
def end_binding(binding_id: SoughtId, session: SessionDep, who: PrincipalDep) -> None:
    """Nothing is sent there any more; the account is asked to bind again."""
    service.unbind_by_id(session, binding_id, who)
