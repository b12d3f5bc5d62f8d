"""What the people API gives."""

from pydantic import BaseModel


class PersonOut(BaseModel):
    """A person of one's estates. ``communities`` of company-wide staff are all of the company's."""

    id: int
    username: str
    name: str
    roles: list[str]
    role_titles: list[str]
    skills: list[str]
    skill_titles: list[str]
    phone_masked: str | None
    communities: list[str]
    open_orders: int


class PersonPage(BaseModel):
    """A page of people."""

    items: list[PersonOut]
    next: str | None
