"""What people are asked; a form returns the domain type and saves nothing."""
