"""Headers of every answer that restrict what browsers do with it; pages have a policy of their own."""

FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# The Content-Security-Policy of an answer that loads nothing.
NOTHING = "default-src 'none'; frame-ancestors 'none'"
