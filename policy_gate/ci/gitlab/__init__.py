"""GitLab's side of a job: where it fetches, the folder that it keeps as artifacts, variables for later jobs."""
