"""Routes: what is answered under which URL; each calls a use case and gives its answer a form."""
