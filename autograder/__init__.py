"""Release notebook assignments, and grade what comes back behind a process wall."""
