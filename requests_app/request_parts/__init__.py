"""What a request is made of: people, facts needed, consent, questions."""
