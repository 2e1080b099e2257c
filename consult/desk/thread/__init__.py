"""One question at the desk: its thread, and every act on it."""
