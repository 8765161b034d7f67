import type { InboundMessage, UnsupportedPart } from '../../src/core/message.ts'
import type { Fields } from '../kit/index.ts'
import { toPlain } from '../kit/index.ts'

/** What of a push is read from its type; the rest is its address. */
export type Content = Pick<InboundMessage, 'parts' | 'opens' | 'closesAll' | 'mayContinue' | 'wantsReply'>

/** What is stored of a type we do not know, for the agent to see. */
const unsupported = (type: string, fields: Fields): UnsupportedPart => ({
  kind: 'unsupported',
  type: type.slice(0, 64),
  raw: toPlain(fields),
})

/** An unknown type, or a known one without its fields: Weibo asks that nobody answers those. */
export const ignored = (type: string, fields: Fields): Content => ({
  parts: [unsupported(type, fields)],
  mayContinue: false,
  wantsReply: false,
})
