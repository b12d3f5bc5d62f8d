"""What the API gives about the place of an order."""

from pydantic import BaseModel, ConfigDict, Field

from backend.domains.workorders.service.work.site import Site


class ColleagueOut(BaseModel):
    """A technician of the estate."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    skill_titles: list[str]
    fits: bool = Field(description="has the craft of the order")


class SpotOut(BaseModel):
    """Degrees (WGS 84)."""

    lat: float
    lng: float


class SiteOut(BaseModel):
    """Where an order is, and who else could come along or take over."""

    address: str
    position: SpotOut | None = Field(description="of the building; null where that is not known")
    colleagues: list[ColleagueOut]

    @classmethod
    def of(cls, site: Site) -> "SiteOut":
        """Return what is sent."""
        position = SpotOut(lat=site.position[0], lng=site.position[1]) if site.position else None
        people = [ColleagueOut.model_validate(c) for c in site.colleagues]
        return cls(address=site.address, position=position, colleagues=people)
