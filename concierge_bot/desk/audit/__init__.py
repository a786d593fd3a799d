"""The audit trail: who changed what, recorded in the transaction of the change."""
