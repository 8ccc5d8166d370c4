"""Many sources through any executor: what is there is skipped, what fails is recorded, nothing is lost."""
