"""The report as a comment on a ticket, as GitHub, GitLab, Jira and plain text each take it."""
