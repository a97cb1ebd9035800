"""What is stored: the tree of the regency in a ZODB, and how the database is opened; no rule of a flow."""
