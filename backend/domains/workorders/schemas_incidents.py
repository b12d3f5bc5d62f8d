"""What the API takes and gives about splits, relations and incidents."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.domains.workorders.incident_rules import RULES, STATE_TITLES, STATE_TONES, Area
from backend.domains.workorders.schemas import Category, OrderOut, Strict, Urgency
from backend.domains.workorders.service.incident_views import IncidentView, IncidentWithOrders
from backend.domains.workorders.service.relating import BY_DESK, Relations
from backend.domains.workorders.service.splitting import Part
from backend.kit.fields import MaybeHouse, MaybeName, MaybeWords, Name, OneOf, SoonMoment, Words

IncidentCategory = Annotated[str, OneOf([rule.category for rule in RULES])]


class IncidentChoiceOut(BaseModel):
    """A value and its title."""

    value: str
    title: str


class IncidentEnumsOut(BaseModel):
    """States in the order in which an incident goes through them, and what can be one."""

    states: list[IncidentChoiceOut]
    categories: list[IncidentChoiceOut]

    @classmethod
    def all(cls) -> "IncidentEnumsOut":
        """Return every value."""
        return cls(
            states=[IncidentChoiceOut(value=s, title=title) for s, title in STATE_TITLES.items()],
            categories=[IncidentChoiceOut(value=rule.category, title=rule.title) for rule in RULES],
        )


class PartIn(Strict):
    """One of the faults of a report."""

    category: Category
    fault: Words
    urgency: Urgency | None = None


class SplitIn(Strict):
    """What the order is, and what gets an order of its own."""

    parts: Annotated[list[PartIn], Field(min_length=2, max_length=6)]

    def to_parts(self) -> list[Part]:
        """Return the dataclasses."""
        return [Part(p.category, p.fault, p.urgency) for p in self.parts]


class SplitOut(BaseModel):
    """All the parts, the order that was split first."""

    items: list[OrderOut]


class RelationIn(Strict):
    """Another order of the estate, and how it belongs here."""

    number: Name
    kind: Annotated[str, OneOf(BY_DESK)] = "related"


class RelatedOut(BaseModel):
    """An order that belongs here."""

    kind: Literal["split", "again", "related", "incident"]
    kind_title: str
    earlier: bool = Field(description="it came before")
    order: OrderOut


class UnderOut(BaseModel):
    """The incident over an order, as its reporter may know it."""

    number: str
    title: str
    state: str
    state_title: str
    expected_at: datetime | None
    message: str | None
    homes: int
    is_master: bool = Field(description="the one order that a technician is sent for")


class RelationsOut(BaseModel):
    """What belongs to an order."""

    items: list[RelatedOut]
    incident: UnderOut | None

    @classmethod
    def of(cls, found: Relations) -> "RelationsOut":
        """Return what is sent."""
        items = [
            RelatedOut.model_validate(
                {
                    "kind": r.kind,
                    "kind_title": r.kind_title,
                    "earlier": r.earlier,
                    "order": OrderOut.model_validate(r.order),
                }
            )
            for r in found.items
        ]
        under = None
        if found.under is not None:
            i = found.under.incident
            under = UnderOut(
                number=i.number,
                title=i.title,
                state=i.state,
                state_title=STATE_TITLES[i.state],  # type: ignore[index]
                expected_at=i.expected_at,
                message=i.message,
                homes=found.under.homes,
                is_master=found.under.is_master,
            )
        return cls(items=items, incident=under)


class AreaOut(BaseModel):
    """A part of an estate; without any field the whole of it."""

    model_config = ConfigDict(from_attributes=True)

    building: str | None
    unit: str | None
    zone: str | None


class IncidentIn(Strict):
    """An incident opened by hand. Without an area it is the estate's."""

    community: Name
    category: IncidentCategory
    building: MaybeHouse = None
    unit: MaybeHouse = None
    zone: MaybeName = None
    title: MaybeName = None
    expected_at: SoonMoment | None = None
    message: MaybeWords = None
    orders: list[Name] = Field(default_factory=list, max_length=200)

    def area(self) -> Area:
        """Return where it is."""
        return Area(self.building, self.unit, self.zone)


class IncidentUpdateIn(Strict):
    """What all reporters are told."""

    text: Words
    expected_at: SoonMoment | None = None


class IncidentOrdersIn(Strict):
    """Orders to put under an incident, by number."""

    orders: Annotated[list[Name], Field(min_length=1, max_length=200)]


class ResolveIn(Strict):
    """What was done."""

    note: Words


class IncidentOut(BaseModel):
    """An incident in a list."""

    number: str
    community: str
    category: str
    category_title: str
    area: AreaOut
    area_text: str
    title: str
    state: str
    state_title: str
    state_tone: str
    started_at: datetime
    resolved_at: datetime | None
    expected_at: datetime | None
    message: str | None
    orders: int
    homes: int
    going_on: int = Field(description="orders that have not ended: homes that have not answered yet, once resolved")
    master: str | None

    @classmethod
    def of(cls, view: IncidentView) -> "IncidentOut":
        """Return what is sent."""
        return cls(**_fields(view))


def _fields(view: IncidentView) -> dict[str, object]:
    names = set(IncidentOut.model_fields) - {"area", "state_title", "state_tone"}
    return {
        **{name: getattr(view, name) for name in names},
        "area": AreaOut.model_validate(view.area),
        "state_title": STATE_TITLES[view.state],
        "state_tone": STATE_TONES[view.state],
    }


class IncidentLineOut(BaseModel):
    """One line of an incident's history."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    actor_name: str
    kind: str
    text: str
    expected_at: datetime | None


class IncidentDetail(IncidentOut):
    """An incident with its orders and history."""

    items: list[OrderOut]
    came_back: list[OrderOut] = Field(description="whose reporters said that at their home it was not over")
    updates: list[IncidentLineOut]

    @classmethod
    def of_all(cls, found: IncidentWithOrders) -> "IncidentDetail":
        """Return what is sent."""
        return cls.model_validate(
            {
                **_fields(found.incident),
                "items": [OrderOut.model_validate(o) for o in found.orders],
                "came_back": [OrderOut.model_validate(o) for o in found.came_back],
                "updates": [IncidentLineOut.model_validate(u) for u in found.updates],
            }
        )


class IncidentPage(BaseModel):
    """A page of incidents."""

    items: list[IncidentOut]
    next: str | None


class ProposalOut(BaseModel):
    """What may be an incident, for the desk to decide."""

    model_config = ConfigDict(from_attributes=True)

    community: str
    category: str
    category_title: str
    area: AreaOut
    area_text: str
    homes: int
    orders: list[str]


class ProposalsOut(BaseModel):
    """What may be incidents right now."""

    items: list[ProposalOut]
