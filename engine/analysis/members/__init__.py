"""Analysis of several trainings that differ in their seeds or in named fields."""
