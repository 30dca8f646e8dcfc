"""Profile -> what would open more: what to ask, what would change a vacancy, what offers of partners unlock."""
