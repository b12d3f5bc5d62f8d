"""What the people API gives."""

from pydantic import BaseModel


class PersonOut(BaseModel):
    """A person of one's estates. ``communities`` of company-wide staff are all of the company's.

    ``phone`` is whole, for those who may have to call.
    """

    id: int
    username: str
    name: str
    roles: list[str]
    role_titles: list[str]
    skills: list[str]
    skill_titles: list[str]
    phone_masked: str | None
    phone: str | None
    homes: list[str]
    communities: list[str]
    open_orders: int


class PersonPage(BaseModel):
    """A page of people."""

    items: list[PersonOut]
    next: str | None
