/** The kind of background work that experiments watch. */
export const watched = 'retire-records'
