"""To whom? Pools, allocations, suspense, payouts, journal."""
