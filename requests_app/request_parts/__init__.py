"""What a request is made of: its purpose, facts needed, rating, consent, questions."""
