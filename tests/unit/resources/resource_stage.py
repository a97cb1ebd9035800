"""What the tests of storage share: an instant, and a commit that begins again."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def committed(connection) -> None:
    """Commit, and begin again."""
    connection.transaction_manager.commit()
    connection.transaction_manager.begin()


def fresh(*connections) -> None:
    """Let connections see what was committed since they began."""
    for connection in connections:
        connection.transaction_manager.abort()
        connection.transaction_manager.begin()
