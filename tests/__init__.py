"""The tests."""

import gc

from concierge_bot.runtime.telegram.aiogram_types import import_types

gc.set_threshold(20_000, 50, 1_000)  # at Python's own 700, imports and tests took an eighth longer
import_types()
