"""The demo's authority as a server: it stamps time, tells who is revoked, and hands out its certificates."""
