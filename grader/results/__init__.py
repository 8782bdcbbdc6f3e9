"""Results: the store, and every rendering of it, for people, for other systems (`export`) and for nbgrader."""
