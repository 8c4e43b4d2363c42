"""Analysis: pure functions of arrays that the views use."""
