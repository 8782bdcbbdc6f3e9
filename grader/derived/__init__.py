"""What learners are given, derived from its sources: stubs, notebook and page; and that no solution reaches them."""
