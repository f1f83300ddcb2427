"""Official occupations: reading a release, finding a role's place in it, laying an assessment against its tasks."""
