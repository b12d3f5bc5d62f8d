"""who says when and where a photo was taken: the file or the phone

Revision a81e5f0b0008, after a7115e5c0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "a81e5f0b0008"
down_revision = "a7115e5c0007"
branch_labels = None
depends_on = None

SOURCES = {"taken_source": "taken_at", "place_source": "lat"}
"""A source, and the column that it speaks of."""


def upgrade() -> None:
    for source, said in SOURCES.items():
        op.add_column("media", sa.Column(source, sa.String(length=8), nullable=True))
        # Until now only files said it.
        op.execute(f"UPDATE media SET {source} = 'file' WHERE {said} IS NOT NULL")


def downgrade() -> None:
    for source in SOURCES:
        op.drop_column("media", source)
