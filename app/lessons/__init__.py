"""Lessons: files of Markdown with front matter, read from folders, and what is measured of their claims."""
