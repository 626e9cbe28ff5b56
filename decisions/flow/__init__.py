"""The decision flow: its questions, the walk through them, how the golden rules were met."""
