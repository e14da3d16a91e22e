"""What a dealer calls the articles: its own codes, known to its own people only."""
