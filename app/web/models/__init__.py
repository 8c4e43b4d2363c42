"""Models of request bodies, queries and answers: validation of what comes in, and the schemas in OpenAPI."""
