"""What is kept about signing in, beside the sign-in library's own tables."""

from authentication.mfa.models import UsedCode
from authentication.mfa_reset.models import FactorReset

__all__ = ["FactorReset", "UsedCode"]
