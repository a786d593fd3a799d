"""The directory of people: corrections by superiors and operators, and doubles that become one."""
