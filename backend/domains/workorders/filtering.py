"""The filter in an address (``?status=triaged&building=3&…``), for every list of orders."""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, get_type_hints

from fastapi import Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from backend.domains.estate import service as estate
from backend.domains.workorders import schemas, service
from backend.domains.workorders.service import Filter, Status
from backend.kit import clock
from backend.kit.fields import FIRST_DAY, LAST_DAY, Day, House, Sought, SoughtId, Storey
from backend.kit.http import PrincipalDep, SessionDep

SortBy = Annotated[
    Literal["newest", "created", "updated", "promised", "urgency"],
    Query(description="newest, updated: the latest first; promised, urgency: what is to be done first"),
]


def several(*, most: int = 50) -> Any:
    """Return the parameter of a filter that takes several values."""
    return Query(max_length=most)


def _wanted(
    session: SessionDep,
    who: PrincipalDep,
    status: Annotated[list[Status] | None, several()] = None,
    category: Annotated[list[schemas.Category] | None, several()] = None,
    urgency: Annotated[list[schemas.Urgency] | None, several()] = None,
    scope: Annotated[list[schemas.Scope] | None, several()] = None,
    source: Annotated[list[schemas.Source] | None, several()] = None,
    building: Annotated[list[House] | None, several()] = None,
    unit: Annotated[list[House] | None, several()] = None,
    floor: Annotated[list[Storey] | None, several()] = None,
    technician: Annotated[list[SoughtId] | None, several()] = None,
    reporter: SoughtId | None = None,
    asset: SoughtId | None = None,
    finished_on: Annotated[Day | None, Query(description="calendar day on which the work was finished")] = None,
    created_from: Annotated[Day | None, Query(description="first calendar day of reporting")] = None,
    created_to: Annotated[Day | None, Query(description="last calendar day of reporting")] = None,
    community: Annotated[str | None, Query(max_length=32)] = None,
    q: Sought = None,
    open: bool = False,
    mine: bool = False,
    late: bool = False,
    unassigned: bool = False,
    outdoors: Annotated[bool, Query(description="in no building")] = False,
    missed: Annotated[
        int | None, Query(ge=1, le=366, description="promised in so many days, and nobody came in time")
    ] = None,
) -> Filter:
    """Return what the address asks for; of several values of one field each is wanted."""
    own = service.mine_open(who) if mine else Filter()
    otherwise = own.statuses if mine and open else service.OPEN_STATUSES if open else ()
    return Filter(
        statuses=_once(status) or tuple(otherwise),
        categories=_once(category),
        urgencies=_once(urgency),
        scopes=_once(scope),
        sources=_once(source),
        buildings=_once(building),
        units=_once(unit),
        floors=_once(floor),
        technician_ids=_once(technician),
        technician_id=own.technician_id if not technician else None,
        reporter_id=reporter or own.reporter_id,
        concerns_id=own.concerns_id,
        reader_id=None if who.is_staff else who.person_id,
        asset_id=asset,
        finished=clock.day_of(finished_on) if finished_on else None,
        created=_days(created_from, created_to),
        community_id=estate.filter_id(session, community, who.community_ids),
        q=q,
        late_at=clock.now() if late else None,
        unassigned=unassigned,
        outdoors=outdoors,
        missed_days=missed,
    )


def _address() -> type[BaseModel]:
    """Return the parameters of the list as a model, so that what is kept is read by the rules of the address."""
    fields: dict[str, Any] = {
        name: (hint, inspect.signature(_wanted).parameters[name].default)
        for name, hint in get_type_hints(_wanted, include_extras=True).items()
        if name not in ("session", "who", "community", "return")
    }
    return create_model("Address", __config__=ConfigDict(extra="forbid"), sort=(SortBy, "newest"), **fields)


_ADDRESS = _address()
_SEVERAL = frozenset({"status", "category", "urgency", "scope", "source", "building", "unit", "floor", "technician"})


def require_readable(query: Mapping[str, Sequence[str]], inside: str = "query") -> None:
    """Raise for a kept query that the list would refuse; its fields are named as ones ``inside`` the sender's body."""
    given = {name: list(values) if name in _SEVERAL else _single(values) for name, values in query.items() if values}
    try:
        _ADDRESS.model_validate(given)
    except ValidationError as error:
        found = [{**one, "loc": ("body", inside, *one["loc"][:1])} for one in error.errors()]
        raise RequestValidationError(found, body={inside: dict(query)}) from error


def _single(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


FilterDep = Annotated[Filter, Depends(_wanted)]


def _once(values: Iterable[Any] | None) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values or ()))


def _days(first: date | None, last: date | None) -> tuple[datetime, datetime] | None:
    if first is None and last is None:
        return None
    return clock.day_of(first or FIRST_DAY)[0], clock.day_of(last or LAST_DAY)[1]


def sorted_by(sort: str, wanted: Filter) -> str:
    """Return the sort; days of reporting are read along their own index, not through all that came after."""
    return "created" if sort == "newest" and wanted.created is not None else sort
