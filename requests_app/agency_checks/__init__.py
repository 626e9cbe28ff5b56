"""Agency checks: sent by the front door, answered by agencies."""
