"""The ground floor: tables by concept, the unit of work with the one commit, and the migrations."""
