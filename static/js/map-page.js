/** Replaced by the map page. */
