"""What the analysis means and what to do: rules, verdict, order. Words with named quantities, no formatting."""
