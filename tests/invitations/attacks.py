"""The buttons of invitations, for the table of attacks."""

from __future__ import annotations

from tests.attacks.buttons import Right

BUTTONS = {
    "invite": ("invite", Right.SUPERVISE),
    "inviteas": ("inviteas:supervisor", Right.SUPERVISE),
    "invvillas": ("invvillas:0", Right.SUPERVISE),
    "invvilla": ("invvilla:{villa}", Right.VILLA),
    "invteam": ("invteam:butlers", Right.SUPERVISE),
    "invnew": ("invnew:owner:{villa}", Right.VILLA),
    "invknown": ("invknown:{wang}", Right.LINK),
    "invlinks": ("invlinks:0", Right.SUPERVISE),
    "invlink": ("invlink:{invite}", Right.LINK),
    "invrenew": ("invrenew:{invite}", Right.LINK),
    "invrevoke": ("invrevoke:{invite}", Right.LINK),
}
