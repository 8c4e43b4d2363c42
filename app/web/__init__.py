"""The web server: routes, request and response models, pages, static files."""
