"""What every domain needs and no domain owns: database, time, problems, rights, outbox. Knows no domain."""
