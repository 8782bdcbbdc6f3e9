"""From what another system packs of a class to an entry for each learner."""
