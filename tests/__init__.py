"""Tests of all rooms, with what they share."""

import gc

gc.disable()  # until all is collected: what is loaded stays, and to look through it takes long
