import type { WidgetNews } from './api.ts'
import type { Line } from './connection.ts'
import type { Outbox } from './outbox.ts'
import type { Reading } from './reading.ts'
import type { State } from './state.ts'
import type { Waiting } from './waiting.ts'

/** Tells the page. */
export type Tell = <Name extends keyof WidgetNews>(name: Name, news: WidgetNews[Name]) => void

/** What the parts of a chat share. */
export interface ChatParts {
  readonly state: State
  readonly line: Line
  readonly outbox: Outbox
  readonly reading: Reading
  readonly waiting: Waiting
  readonly tell: Tell
  /** Connects, once it is settled who is there. */
  readonly connect: () => void
}
