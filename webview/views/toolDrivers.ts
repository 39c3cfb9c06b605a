/**
 * Drivers that run a whole loop in one graph (twenty guided steps): too long for a slider, and shown by the panel's own tools, which
 * trace one step and loop over it.
 */
export const TOOL_DRIVERS: readonly string[] = ['glide.draw'];
