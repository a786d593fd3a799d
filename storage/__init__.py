"""The ground floor: tables by concept, the unit of work with the one commit, and the migrations."""

from storage import tables as tables  # every table knows those that it refers to, whoever imports one of them
