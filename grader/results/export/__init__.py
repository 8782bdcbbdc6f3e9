"""Results for other systems, all from the same records: `formats` lists them, `roster` says who is who there."""
