"""A stand-in for the eSign Client Service of BSrE: speaks v1 and v2, signs with keys of the demo, fails on demand."""
