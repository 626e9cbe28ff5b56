"""What an outcome asks for: basis, information, how, who was told, why not."""
