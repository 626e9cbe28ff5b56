"""The pieces of information that an agency lists before it decides about them."""
