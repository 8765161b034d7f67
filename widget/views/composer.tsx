import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Chat } from '../chat.ts'
import { wordsOf } from '../words.ts'

const maxCharacters = 4_000
/** A double click asks once. */
const personAgainMs = 1_000

/** Quick replies; 找人工 is always among them. */
const QuickReplies = ({ chat }: { readonly chat: Chat }) => {
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

/** Where the visitor writes. */
export const Composer = ({ chat }: { readonly chat: Chat }) => {
  const { draft } = chat
  const said = wordsOf(chat)
  const input = useRef<HTMLTextAreaElement>(null)
  const file = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    const field = input.current
    if (field === null) return
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight + 2}px`
  }, [draft.value])
  useEffect(() => {
    // Set once: a field that is drawn again while an input method composes loses what is composed.
    if (input.current !== null && input.current.value !== draft.value) input.current.value = draft.value
  }, [draft.value])
  const submit = (): void => {
    const text = draft.peek()
    if (text.trim() === '' || text.length > maxCharacters) return
    chat.write('')
    chat.say({ text })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes, Enter picks a word. Safari ends the composition first and says 229.
    const isComposing = event.isComposing || event.keyCode === 229
    if (event.key !== 'Enter' || event.shiftKey || isComposing) return
    event.preventDefault()
    submit()
  }
  const giveAll = (files: FileList | null | undefined): boolean => {
    const list = [...(files ?? [])]
    list.forEach(chat.outbox.give)
    return list.length > 0
  }
  const length = draft.value.length
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
        input.current?.focus()
      }}
    >
      <QuickReplies chat={chat} />
      {length > maxCharacters * 0.9 && (
        <p class={length > maxCharacters ? 'count fault' : 'count'} role="status">
          {said.characters(length)}
          {length > maxCharacters && ` · ${said.faults.text_too_long}`}
        </p>
      )}
      <div class="row">
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
            if (giveAll(event.clipboardData?.files)) event.preventDefault()
          }}
        />
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
            giveAll(event.currentTarget.files)
            // The same file may be chosen again.
            event.currentTarget.value = ''
          }}
        />
        <button class="send" type="submit">
          {said.send}
        </button>
      </div>
    </form>
  )
}
