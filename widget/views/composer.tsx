import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Chat } from '../chat.ts'
import { wordsOf } from '../words.ts'

const maxCharacters = 4_000
/** A double click asks once. */
const personAgainMs = 1_000

interface ChatProps {
  readonly chat: Chat
}

/** Quick replies; 找人工 is always among them. */
const QuickReplies = ({ chat }: ChatProps) => {
  const { settings, locale } = chat
  const said = wordsOf(chat)
  const isAsked = useSignal(false)
  const language = locale.value === 'en' ? 'en' : 'zh'
  const askForPerson = (): void => {
    chat.say({ text: said.askForPerson })
    isAsked.value = true
    setTimeout(() => (isAsked.value = false), personAgainMs)
  }
  return (
    <div class="quick" role="group" aria-label={said.quick}>
      {settings.value.quickReplies.map((reply) => (
        <button key={reply.zh} class="chip" type="button" onClick={() => chat.say({ text: reply[language] })}>
          {reply[language]}
        </button>
      ))}
      <button class="chip" type="button" disabled={isAsked.value} onClick={askForPerson}>
        {said.person}
      </button>
    </div>
  )
}

/** How much of a message is left, towards its end. */
const Count = ({ chat }: ChatProps) => {
  const { length } = chat.draft.value
  const said = wordsOf(chat)
  if (length <= maxCharacters * 0.9) return null
  const isOver = length > maxCharacters
  return (
    <p class={isOver ? 'count fault' : 'count'} role="status">
      {[said.characters(length), ...(isOver ? [said.tooLong] : [])].join(' · ')}
    </p>
  )
}

/** Sends each file; false: there was none. */
export const giveAll = (chat: Chat, files: FileList | null | undefined): boolean => {
  const list = [...(files ?? [])]
  for (const file of list) chat.outbox.give(file)
  return list.length > 0
}

const Attach = ({ chat }: ChatProps) => {
  const file = useRef<HTMLInputElement>(null)
  const said = wordsOf(chat)
  return (
    <>
      <button
        class="attach"
        type="button"
        aria-label={said.attach}
        title={said.attach}
        onClick={() => file.current?.click()}
      >
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path
            d="M8 12.5l6.6-6.6a3 3 0 0 1 4.2 4.2l-8.4 8.4a5 5 0 0 1-7-7L11 3.9"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            stroke-linecap="round"
          />
        </svg>
      </button>
      <input
        ref={file}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          giveAll(chat, event.currentTarget.files)
          // The same file may be chosen again.
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}

const submit = (chat: Chat): void => {
  const text = chat.draft.peek()
  if (text.trim() === '' || text.length > maxCharacters) return
  chat.write('')
  chat.say({ text })
}

const Field = ({ chat }: ChatProps) => {
  const { draft } = chat
  const said = wordsOf(chat)
  const input = useRef<HTMLTextAreaElement>(null)
  const text = draft.value
  useEffect(() => {
    // Only what came from elsewhere: a field that is set while an input method composes loses what is composed. As it
    // stands now: this may run late, when more was typed since.
    const now = draft.peek()
    if (input.current !== null && input.current.value !== now) input.current.value = now
  }, [text])
  useLayoutEffect(() => {
    const field = input.current
    if (field === null) return
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight + 2}px`
  }, [text])
  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes, Enter picks a word. Safari ends the composition first and says 229.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells it there
    const isComposing = event.isComposing || event.keyCode === 229
    if (event.key !== 'Enter' || event.shiftKey || isComposing) return
    event.preventDefault()
    submit(chat)
  }
  return (
    <textarea
      ref={input}
      rows={1}
      enterkeyhint="send"
      autocomplete="off"
      aria-label={said.message}
      placeholder={said.placeholder}
      onInput={(event) => chat.write(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onPaste={(event) => {
        if (giveAll(chat, event.clipboardData?.files)) event.preventDefault()
      }}
    />
  )
}

/** Where the visitor writes. */
export const Composer = ({ chat }: ChatProps) => (
  <form
    class="composer"
    onSubmit={(event) => {
      event.preventDefault()
      submit(chat)
      event.currentTarget.querySelector('textarea')?.focus()
    }}
  >
    <QuickReplies chat={chat} />
    <Count chat={chat} />
    <div class="row">
      <Field chat={chat} />
      <Attach chat={chat} />
      <button class="send" type="submit">
        {wordsOf(chat).send}
      </button>
    </div>
  </form>
)
