"""What was collected, from when to when, by source and by query; a gap is drawn as a gap."""
