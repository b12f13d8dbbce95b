/** Replaced by the pin form. */
