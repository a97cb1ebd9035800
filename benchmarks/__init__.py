"""What `make bench` runs: the usual pages and acts beside a bare view, a raw fsync and a raw key operation."""
