"""The people of an agency: their memberships, roles and what they still lack."""
