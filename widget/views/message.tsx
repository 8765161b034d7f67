import { useSignal } from '@preact/signals'
import type { ChatEvent, VisitorContent } from '../../channels/web/protocol.ts'
import type { Chat } from '../chat.ts'
import type { Unsent } from '../unsent.ts'
import { wordsOf, type Words } from '../words.ts'
import { Bubble, PartView } from './parts.tsx'
import { sizeOf } from './size.ts'

const twoDigits = (number: number): string => String(number).padStart(2, '0')

/** The time of day; the exact one on hover. */
const Time = ({ at, locale }: { readonly at: string; readonly locale: string }) => {
  const date = new Date(at)
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'medium', hour12: false })
  return (
    <time dateTime={at} title={exact.format(date)}>
      {twoDigits(date.getHours())}:{twoDigits(date.getMinutes())}
    </time>
  )
}

/** Where a bot's answer comes from, and whether it helped. */
const Source = ({ chat, event }: { readonly chat: Chat; readonly event: ChatEvent }) => {
  const { votes, openAnswer } = chat
  const said = wordsOf(chat)
  const isPressed = useSignal(false)
  if (event.source === undefined) return null
  const helped = votes.value.get(event.seq)
  const vote = (helpful: boolean): void => {
    isPressed.value = true
    chat.say({ vote: { seq: event.seq, helpful } })
  }
  const isOpen = helped === undefined && !isPressed.value && openAnswer.value === event.seq
  return (
    <div class="source">
      <span>{said.source(event.source)}</span>
      {isOpen && (
        <span class="votes">
          <button class="chip" type="button" onClick={() => vote(true)}>
            {said.helpful}
          </button>
          <button class="chip" type="button" onClick={() => vote(false)}>
            {said.notHelpful}
          </button>
        </span>
      )}
      {helped !== undefined && <span role="status">{helped ? said.thanks : said.noted}</span>}
    </div>
  )
}

/** A message of the log. */
export const Stored = ({ chat, event }: { readonly chat: Chat; readonly event: ChatEvent }) => {
  const { locale } = chat
  const said = wordsOf(chat)
  if (event.parts.some(({ kind }) => kind === 'vote')) return null
  const isOwn = event.author === 'contact'
  const names = { contact: undefined, system: undefined, bot: said.bot, agent: event.agentName ?? said.agent }
  const who = names[event.author]
  return (
    <article class={`message ${event.author}`}>
      {who !== undefined && (
        <p class="who">
          <bdi>{who}</bdi>
        </p>
      )}
      {event.parts.map((part, at) => (
        <PartView key={at} chat={chat} event={event} part={part} />
      ))}
      <Source chat={chat} event={event} />
      <p class="meta">
        <Time at={event.at} locale={locale.value} />
        {isOwn && (
          <span class="state" role="img" aria-label={said.accepted}>
            ✓
          </span>
        )}
      </p>
    </article>
  )
}

/** What the visitor wrote, before it comes back from the log. */
const sayingOf = ({ content, label }: Unsent, words: Words): string => {
  if ('file' in content) return `${content.file.name} · ${sizeOf(content.file.size)}`
  return label ?? textOf(content, words)
}

const textOf = (content: VisitorContent, words: Words): string => {
  if ('text' in content) return content.text
  if ('choice' in content) return content.choice
  if ('vote' in content) return content.vote.helpful ? words.helpful : words.notHelpful
  return [content.leave.text, content.leave.reach ?? ''].filter((line) => line !== '').join('\n')
}

const faultOf = ({ fault }: Unsent, { faults }: Words, limit: number): string => {
  if (fault === undefined) return ''
  if (fault === 'too_large') return faults.too_large(sizeOf(limit))
  if (fault in faults) return faults[fault as Exclude<keyof Words['faults'], 'too_large'>]
  return faults.other
}

/** What became of a message, and what can be done when it was not sent. */
const Fate = ({ chat, unsent }: WaitingProps) => {
  const { outbox, settings, draft } = chat
  const said = wordsOf(chat)
  const { id, content, state, canRetry, seq } = unsent
  if (state === 'sending') return <span class="state">{seq === undefined ? said.sending : '✓'}</span>
  const why = faultOf(unsent, said, settings.value.maxFileBytes)
  const edit = (text: string): void => {
    chat.write([text, draft.peek()].filter((one) => one !== '').join('\n'))
    outbox.drop(id)
  }
  return (
    <>
      <span class="state failed">{[said.failed, ...(why === '' ? [] : [why])].join(' · ')}</span>
      {canRetry && (
        <button class="text-button" type="button" onClick={() => outbox.retry(id)}>
          {said.retry}
        </button>
      )}
      {'text' in content && !canRetry && (
        <button class="text-button" type="button" onClick={() => edit(content.text)}>
          {said.edit}
        </button>
      )}
      <button class="text-button" type="button" onClick={() => outbox.drop(id)}>
        {said.drop}
      </button>
    </>
  )
}

interface WaitingProps {
  readonly chat: Chat
  readonly unsent: Unsent
}

/** A message that nobody has confirmed yet. */
export const Waiting = ({ chat, unsent }: WaitingProps) => {
  const said = wordsOf(chat)
  const { content, state, share = 1 } = unsent
  if ('vote' in content && state === 'sending') return null
  return (
    <article class="message contact">
      <Bubble>{sayingOf(unsent, said)}</Bubble>
      {'file' in content && state === 'sending' && (
        <progress value={share} max={1} aria-label={said.uploading(Math.floor(share * 100))} />
      )}
      <p class="meta">
        <Time at={unsent.at} locale={chat.locale.value} />
        <Fate chat={chat} unsent={unsent} />
      </p>
    </article>
  )
}
