/**
 * How much of each there can be: numbers that no house meets, so that every list has an end.
 *
 * In:  nothing.
 * Out: the numbers that queries stop at, contracts tell and routes refuse beyond. `Shown` is not refused: what is
 *      older or further off is only not listed.
 */

/** Of a workspace; who was suspended counts, for their name stands beside what they did. */
export const mostAgents = 1_000
export const mostTeams = 200
export const mostRoles = 100
/** Of the installation, and so of one person. */
export const mostWorkspaces = 200
/** Of one person. */
export const mostPasskeys = 50
export const mostSessionsShown = 200
/** Of one agent, those that are not over. */
export const mostAbsencesAhead = 50
export const mostAbsencesShown = 1_000
export const mostReturnedShown = 200
export const mostErasedShown = 100
