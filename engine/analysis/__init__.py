"""Analysis: pure functions of arrays, used by the views."""
