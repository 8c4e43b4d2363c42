"""Own data: from the text of a CSV file to a table of numbers, kept by its content."""
