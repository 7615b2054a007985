"""The commands that take a bundle to its ticket, as a shell script to read, copy from or run in parts.

They name variables and no values: what is secret stays in the user's environment. Each stands alone and runs from any folder:
it changes into the bundle by itself, so that the tools meet plain names only (a path may hold what `curl --form` or
`gh --attach` give a meaning).
"""

from collections.abc import Mapping
from pathlib import Path
from shlex import quote

from pai_report.bundle.contents import COMMENTS, ORIGINAL
from pai_report.bundle.places import GITHUB, GITLAB, JIRA, Place, fitting, sizes
from pai_report.report.ticket.compose import PICTURE

REPORTS = ("report.pdf", "report.html", "report.json")
EVERY = (PICTURE, *REPORTS, ORIGINAL)
_MARK = f"^<!-- picture: {PICTURE} -->$"


def commands(files: Mapping[str, bytes], marker: str, folder: Path) -> str:
    """Commands for GitHub, GitLab, Jira and MLflow, each place with its limits checked. `folder` is the bundle's."""
    place = quote(str(folder.resolve()))
    parts = (_github(files, marker, place), _gitlab(files, marker, place), _jira(files, marker, place), _mlflow(place))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _there(place: str, command: str) -> str:
    """`command` in the folder of the bundle, whose name is quoted already."""
    return f"(cd {place} && {command})"


def _heading(place: Place, files: Mapping[str, bytes], names: tuple[str, ...], variables: str) -> list[str]:
    return [f"# {place.name}. Set {variables}", f"# Limits: {sizes(place, files, names)}."]


def _own(comments: str, author: str, carries: str, me: str) -> str:
    """A filter for the id of the first comment that is ours: written by `me`, and it carries the marker in its own place.

    Somebody else may quote the marker, or begin a comment with it.
    """
    return f'first({comments} | select({author} == {me} and (.body // "" | {carries})) | .id)'


def _begins(marker: str) -> str:
    return f'startswith("<!-- {marker} -->")'


def _github(files: Mapping[str, bytes], marker: str, place: str) -> list[str]:
    comment = COMMENTS["github"]
    post = f'gh issue comment "${{ISSUE:?}}" --repo "${{REPO:?}}" --body-file {comment}'
    pictured = []
    if fitting(GITHUB, files, (PICTURE,)):
        put = quote(f"s|{_MARK}|![Scores over the epochs]({PICTURE})|")
        with_picture = f"sed {put} {comment} | {post.removesuffix(comment)}- --attach {PICTURE}"
        pictured = ["# The same with its picture in its place, where gh is 2.99 or newer:", _there(place, with_picture)]
    comments = '"repos/${REPO:?}/issues/${ISSUE:?}/comments"'
    mine = quote(_own(".[]", ".user.login", _begins(marker), '"LOGIN"')).replace("LOGIN", "'\"${LOGIN:?}\"'")
    find = f"LOGIN=$(gh api user --jq .login) && COMMENT=$(gh api --paginate {comments} --jq {mine} | head -n 1)"
    patch = f'gh api --method PATCH "repos/${{REPO:?}}/issues/comments/${{COMMENT:?}}" --field body=@{comment}'
    return [
        *_heading(GITHUB, files, EVERY, "REPO=OWNER/NAME ISSUE=NUMBER; a pull request counts as an issue."),
        f"# With any gh; drag files, such as {REPORTS[0]}, into the comment:",
        _there(place, post),
        *pictured,
        "# Again, with any gh, in the place of your own comment with this run's marker; pictures are not renewed:",
        _there(place, f"{find} && {patch}"),
    ]


def _gitlab(files: Mapping[str, bytes], marker: str, place: str) -> list[str]:
    comment, notes = COMMENTS["gitlab"], "projects/${PROJECT:?}/issues/${ISSUE:?}/notes"
    uploads = [_uploaded(name) for name in fitting(GITLAB, files, (PICTURE,))]
    put = f'sed "s|{_MARK}|$LINK|" {comment}' if uploads else f"cat {comment}"
    mine = f'jq --arg me "$ME" {quote(_own(".[]", ".author.username", _begins(marker), "$me"))}'
    me = "ME=$(glab api user | jq --exit-status --raw-output .username)"
    find = f'{me} && NOTE=$(glab api --paginate "{notes}?per_page=100" | {mine} | head -n 1)'
    return [
        *_heading(GITLAB, files, EVERY, "PROJECT=GROUP%2FNAME ISSUE=NUMBER; merge requests: merge_requests for issues."),
        "# Needs jq and any glab; pictures go by curl, with a token of yours in GITLAB_TOKEN (GITLAB_HOST if not gitlab.com).",
        _there(place, " && ".join([*uploads, f'{put} | glab api --method POST "{notes}" --field body=@-'])),
        "# Again, in the place of your own note with this run's marker:",
        _there(
            place, " && ".join([*uploads, find, f'{put} | glab api --method PUT "{notes}/${{NOTE:?}}" --field body=@-'])
        ),
    ]  # fmt: skip


def _uploaded(name: str) -> str:
    """Upload `name` and keep the Markdown that shows it; by curl, for the glab that Debian ships (1.53) has no --form."""
    curl = 'curl --fail-with-body --silent --show-error --header "PRIVATE-TOKEN: ${GITLAB_TOKEN:?}"'
    upload = f'{curl} --form file=@{name} "https://${{GITLAB_HOST:-gitlab.com}}/api/v4/projects/${{PROJECT:?}}/uploads"'
    return f"LINK=$({upload} | jq --exit-status --raw-output .markdown)"


def _jira(files: Mapping[str, bytes], marker: str, place: str) -> list[str]:
    comments = '"${JIRA_URL:?}/rest/api/2/issue/${ISSUE:?}/comment"'
    curl = 'curl --fail-with-body --silent --show-error --user "${JIRA_USER:?}:${JIRA_TOKEN:?}"'
    forms = " ".join(f"--form file=@{name}" for name in fitting(JIRA, files, EVERY))
    body = f"jq --raw-input --slurp '{{body: .}}' {COMMENTS['jira']}"
    send = f"{curl} --header 'Content-Type: application/json' --data-binary @-"
    ends = f'sub("\\\\s+$"; "") | endswith("{marker}")'  # Jira hides nothing: there the marker is the last line
    mine = quote(_own(".comments[]", "(.author.accountId // .author.key)", ends, "$me"))
    me = f"ME=$({curl} \"${{JIRA_URL:?}}/rest/api/2/myself\" | jq --exit-status --raw-output '.accountId // .key')"
    listed = f'{curl} {comments[:-1]}?maxResults=5000"'
    find = f'{me} && COMMENT=$({listed} | jq --raw-output --arg me "$ME" {mine})'
    return [
        *_heading(JIRA, files, EVERY, "JIRA_URL=https://SITE ISSUE=KEY-1 and, for your account, JIRA_USER and JIRA_TOKEN."),
        "# Needs jq. A site's own limit for files:",
        f'{curl} "${{JIRA_URL:?}}/rest/api/2/attachment/meta"',
        "# The files first, for the comment shows one of them:",
        _there(
            place,
            f"{curl} --header 'X-Atlassian-Token: no-check' {forms} "
            '"${JIRA_URL:?}/rest/api/2/issue/${ISSUE:?}/attachments"',
        ),
        _there(place, f"{body} | {send} {comments}"),
        "# Again, in the place of your own comment with this run's marker:",
        _there(place, f'{find} && {body} | {send} --request PUT {comments[:-1]}/${{COMMENT:?}}"'),
    ]


def _mlflow(place: str) -> list[str]:
    return [
        "# MLflow. Set MLFLOW_TRACKING_URI, and MLFLOW_RUN_ID to the run that was trained; it has no limit of its own.",
        f'mlflow artifacts log-artifacts --local-dir {place} --run-id "${{MLFLOW_RUN_ID:?}}" --artifact-path pai-report',
    ]
