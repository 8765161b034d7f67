import type { TicketView } from '../api/desk.ts'

/** What a dialog that changes tickets is opened with. */
export interface DialogProps {
  readonly tickets: readonly TicketView[]
  readonly close: () => void
}
