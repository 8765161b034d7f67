/** Contacts of one channel who ask. */
export interface Asking {
  readonly channel: string
  /** Asks question `n`; gives the milliseconds until an answer stands on the contact's screen. */
  readonly ask: (n: number) => Promise<number>
  readonly close: () => void
}
