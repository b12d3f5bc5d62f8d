"""What the identity API takes and gives."""

from pydantic import BaseModel


class Token(BaseModel):
    """An OAuth2 bearer token."""

    access_token: str
    token_type: str = "bearer"


class CommunityOut(BaseModel):
    """An estate the person belongs to."""

    code: str
    name: str


class HomeOut(BaseModel):
    """A home of the person."""

    community: str
    community_name: str
    building: str
    unit: str
    room: str
    label: str


class MeOut(BaseModel):
    """The logged-in person."""

    id: int
    username: str
    name: str
    phone_masked: str | None
    roles: list[str]
    role_titles: list[str]
    permissions: list[str]
    communities: list[CommunityOut]
    homes: list[HomeOut]


class DemoAccount(BaseModel):
    """An account of the demo community, shown on the log-in page of a demo run only."""

    username: str
    who: str
    where: str


class DemoOut(BaseModel):
    """All accounts of the demo community."""

    accounts: list[DemoAccount]
