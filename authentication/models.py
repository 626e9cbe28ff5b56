"""What is kept about signing in, beside the sign-in library's own tables."""

from authentication.mfa.models import FactorReset, UsedCode

__all__ = ["FactorReset", "UsedCode"]
