/** A score from 1 to 5 with its reason: asked once, and it can be left. */
import { useSignal } from '@preact/signals'
import type { ChatEvent, VisiblePart } from '../../channels/web/protocol.ts'
import type { Chat } from '../chat.ts'
import { wordsOf } from '../words.ts'

export interface RatingProps {
  readonly chat: Chat
  readonly event: ChatEvent
  readonly part: Extract<VisiblePart, { kind: 'choices' }>
}

/** Up to here a score says that something went wrong. */
const lowScore = 3

/** What was said after the question: the score, and whether a reason was given. */
const answerTo = ({ chat, event, part }: RatingProps) => {
  const later = chat.events.value.filter(({ seq, author }) => author === 'contact' && seq > event.seq)
  const [first, ...more] = later
  const choice = first?.parts.find(({ kind }) => kind === 'choice')
  const id = choice?.kind === 'choice' ? choice.id : undefined
  const place = part.choices.findIndex((one) => one.id === id)
  return {
    score: place < 0 ? undefined : place + 1,
    isOver: later.length > 0,
    hasReason: more.length > 0 || chat.outbox.unsent.value.length > 0,
  }
}

const Reasons = ({ chat }: Pick<RatingProps, 'chat'>) => {
  const said = wordsOf(chat)
  return (
    <div class="choices" role="group" aria-label={said.why}>
      {said.reasons.map((reason) => (
        <button key={reason} class="chip" type="button" onClick={() => chat.say({ text: reason })}>
          {reason}
        </button>
      ))}
    </div>
  )
}

export const Rating = (props: RatingProps) => {
  const { chat, event, part } = props
  const said = wordsOf(chat)
  const shelf = chat.shelf()
  const name = `left:${event.seq}`
  const isLeft = useSignal(shelf.get(name) !== undefined)
  const { score, isOver, hasReason } = answerTo(props)
  const isPressed = chat.outbox.unsent.value.length > 0
  if (isLeft.value && score === undefined) return <p class="meta">{said.left}</p>
  const leave = (): void => {
    shelf.set(name, '1')
    isLeft.value = true
  }
  return (
    <>
      <div class="rating" role="group" aria-label={part.prompt}>
        {part.choices.map(({ id, label }, at) => (
          <button
            key={id}
            class="score"
            type="button"
            disabled={isOver || isPressed}
            aria-label={`${at + 1} ${label}`}
            aria-pressed={score === at + 1}
            onClick={() => chat.say({ choice: id }, label)}
          >
            <b>{at + 1}</b>
            <span>{label}</span>
          </button>
        ))}
      </div>
      {!isOver && (
        <button class="text-button" type="button" onClick={leave}>
          {said.skip}
        </button>
      )}
      {score !== undefined && score <= lowScore && !hasReason && <Reasons chat={chat} />}
    </>
  )
}
