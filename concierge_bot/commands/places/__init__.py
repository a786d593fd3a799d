"""`concierge estate` and `concierge villa`."""
