import type { TicketDetail, TicketView } from '../api/desk.ts'

/** What a colleague did since this page last looked. */
export interface Collision {
  /** Somebody else has the ticket. */
  readonly holder: string | undefined
  /** Their reply: who, and which words. */
  readonly reply: { readonly name: string | undefined; readonly words: string } | undefined
}

/** Whether a colleague would be stepped on; undefined: only the contact or the bot moved. */
export const collisionOf = (
  before: TicketDetail,
  after: TicketDetail,
  { current, agentId }: { readonly current: TicketView; readonly agentId: string },
): Collision | undefined => {
  const known = new Set(before.messages.map(({ id }) => id))
  const reply = after.messages.findLast(
    (message) =>
      !known.has(message.id) &&
      message.author === 'agent' &&
      message.direction === 'out' &&
      message.agentId !== agentId,
  )
  const isHeld = current.assigneeId !== undefined && current.assigneeId !== agentId
  if (reply === undefined && !isHeld) return undefined
  const words = reply?.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('\n') ?? ''
  return {
    holder: isHeld ? (current.assigneeName ?? current.assigneeId) : undefined,
    reply: reply === undefined ? undefined : { name: reply.agentName, words },
  }
}
