"""Tables: roles of columns, the table built from them, the answer about it, and its CSV file."""
