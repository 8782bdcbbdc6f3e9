"""What all parts share: errors that are sentences, results as plain data, text that is safe to show, files."""
