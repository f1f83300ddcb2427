"""What has been published, as a static site. The same registry gives the same bytes."""
