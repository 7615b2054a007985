"""`pai-report rules` and `pai-report explain CODE`: the catalogue, offline."""

from typing import Annotated

from cyclopts import Parameter

from pai_report.cli.talk import show


def rules() -> None:
    """List every rule: its code, its section and what it says."""
    from pai_report.advice import catalogue

    show(catalogue.listing())


def explain(code: Annotated[str, Parameter(name="CODE")], /) -> None:
    """Explain the rule CODE, such as PAI301: what it looks for, why it matters, what to try, when it is wrong.

    Parameters
    ----------
    code
        The code as reports print it, the number in it, or the rule's short name.
    """
    from pai_report.advice import catalogue

    show(catalogue.page(code))
