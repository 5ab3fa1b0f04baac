"""An index that nobody rebuilt says of which make it is, so that a newer one builds it anew."""

from __future__ import annotations

from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Entries without a word about their make are of 3 at most; they keep answering meanwhile."""
    op.execute(
        "INSERT INTO search_rebuilds (make, kind, reached, done, whole, started_at) "
        "SELECT 3, '', 0, 0, 0, CURRENT_TIMESTAMP WHERE EXISTS (SELECT 1 FROM search_entries) "
        "AND NOT EXISTS (SELECT 1 FROM search_rebuilds)"
    )


def downgrade() -> None:
    """The word is true before as well."""
