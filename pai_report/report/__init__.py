"""How it is told: the document, its figures and one renderer per format. Nothing is computed here."""
