"""Models of request bodies, queries and answers: validation of requests, and the schemas in OpenAPI."""
