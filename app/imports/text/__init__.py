"""Text: decoding, dialect and cells of CSV and similar files."""
