"""What the API gives about the place of an order."""

from pydantic import BaseModel, Field

from backend.domains.workorders.service.work.site import Site


class SpotOut(BaseModel):
    """Degrees (WGS 84)."""

    lat: float
    lng: float


class SiteOut(BaseModel):
    """Where an order is."""

    address: str
    position: SpotOut | None = Field(description="of the building; null where that is not known")

    @classmethod
    def of(cls, site: Site) -> "SiteOut":
        """Return what is sent."""
        position = SpotOut(lat=site.position[0], lng=site.position[1]) if site.position else None
        return cls(address=site.address, position=position)
