"""What an initiative did to an outcome, by how much, and how sure we are: estimators, calibration, designs. Pure and seeded."""
