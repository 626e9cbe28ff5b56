"""An information request: started, filled in, sent, followed."""
