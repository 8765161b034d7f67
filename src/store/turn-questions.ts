import type { TurnOutcome } from '../core/conversation.ts'

/**
 * Whether outbox `x`, one of the rows that the part `pieces` locked, is of a message all of whose pieces were locked and none
 * was tried: what is taken back goes whole or not at all. Locked rows show what senders wrote meanwhile; one that a sender
 * holds is missing among them when it was skipped.
 */
export const isWhollyUntried = (pieces: string): string => `not exists (select from ${pieces} p
    where p.message_id = x.message_id and (p.attempts > 0 or p.status not in ('queued', 'waiting')))
  and (select count(distinct p.id) from ${pieces} p where p.message_id = x.message_id)
    = (select count(*) from outbox p where p.message_id = x.message_id)`

/**
 * What turns do about questions that waited for the contact's word, as further parts of the statement that commits them. Only
 * where a question is over: it costs every other turn nothing. The pieces are locked first, so that one that is being sent at
 * this moment is seen. A piece that a sender holds is not waited for, since senders lock pieces of many conversations in an
 * order of their own.
 */
export const questionParts = `, overtaken as (
  select x.id, x.message_id, x.status, x.attempts from locked t join alive on alive.id = t.conversation_id
  cross join jsonb_array_elements_text(t.overtakes) place
  join messages m on m.conversation_id = alive.id and m.seq = place::int
  join outbox x on x.message_id = m.id for no key update of x skip locked
), unasked as (
  update outbox x set status = 'withdrawn', settled_at = $6 from overtaken o
  where x.id = o.id and ${isWhollyUntried('overtaken')}
)`

/** Whether the turn puts the question that its dialogue goes on offering. */
const asks = ({ dialogue, outbound }: TurnOutcome): boolean => {
  const offered = new Set(dialogue.offered.map(({ id }) => id))
  return outbound.some(({ parts }) =>
    parts.some((part) => part.kind === 'choices' && part.choices.some(({ id }) => offered.has(id))),
  )
}

/** The places of questions that are over with this turn: asked anew, answered, or void. Undefined: there is none. */
export const overtakenBy = (outcome: TurnOutcome): readonly number[] | undefined => {
  const { claim, dialogue } = outcome
  const { questions = [] } = claim
  const stands = dialogue.toolCall?.id === claim.dialogue.toolCall?.id && !asks(outcome)
  return questions.length === 0 || stands ? undefined : questions.map(({ seq }) => seq)
}
