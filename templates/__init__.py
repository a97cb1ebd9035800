"""What pages, forms and PDFs look like: Jinja2 and typst sources with their fonts."""
