"""The list of all capabilities, in the order in which they are asked."""

from __future__ import annotations

from concierge_bot.desk.aftercare.capability import CAPABILITY as AFTERCARE
from concierge_bot.desk.announcements.capability import CAPABILITY as ANNOUNCEMENTS
from concierge_bot.desk.capability import Capabilities
from concierge_bot.desk.danger.capability import CAPABILITY as DANGER
from concierge_bot.desk.departures.capability import CAPABILITY as DEPARTURES
from concierge_bot.desk.directory.capability import CAPABILITY as DIRECTORY
from concierge_bot.desk.fulfilment.capability import CAPABILITY as FULFILMENT
from concierge_bot.desk.invitations.capability import CAPABILITY as INVITATIONS
from concierge_bot.desk.menus.capability import CAPABILITY as MENUS
from concierge_bot.desk.operations.capability import CAPABILITY as OPERATIONS
from concierge_bot.desk.ordering.capability import CAPABILITY as ORDERING
from concierge_bot.desk.people.capability import CAPABILITY as PEOPLE
from concierge_bot.desk.profiles.capability import CAPABILITY as PROFILES
from concierge_bot.desk.reports.capability import CAPABILITY as REPORTS
from concierge_bot.desk.staff_chats.capability import CAPABILITY as STAFF_CHATS

CAPABILITIES = Capabilities(
    (
        PEOPLE,
        FULFILMENT,
        MENUS,
        ORDERING,
        DANGER,
        AFTERCARE,
        PROFILES,
        DEPARTURES,
        DIRECTORY,
        INVITATIONS,
        ANNOUNCEMENTS,
        STAFF_CHATS,
        REPORTS,
        OPERATIONS,
    )
)
