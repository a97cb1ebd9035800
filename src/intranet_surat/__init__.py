"""Letters of an Indonesian regency: a traversal-based Pyramid intranet."""
