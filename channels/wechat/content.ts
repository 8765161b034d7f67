import type { InboundMessage, UnsupportedPart } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { toPlain } from '../kit/index.ts'

/** What of a message is read from its type; the rest is its address. */
export type Content = Pick<InboundMessage, 'parts' | 'opens' | 'mayContinue' | 'wantsReply'>

/** What is stored of a type we do not know, for the agent to see. */
export const unsupported = (type: string, fields: Fields): UnsupportedPart => ({
  kind: 'unsupported',
  type: type.slice(0, 64),
  raw: toPlain(fields),
})
