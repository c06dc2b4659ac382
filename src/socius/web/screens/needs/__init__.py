"""What the organisation needs most, and where the hub's time goes."""
