/** A message for people who are not there, or whom one does not want to wait for. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Chat } from '../chat.ts'
import { wordsOf } from '../words.ts'

export const LeaveForm = ({ chat, done }: { readonly chat: Chat; readonly done: () => void }) => {
  const { draft } = chat
  const said = wordsOf(chat)
  const text = useRef<HTMLTextAreaElement>(null)
  const reach = useRef<HTMLInputElement>(null)
  const isEmpty = useSignal(false)
  useEffect(() => text.current?.focus(), [])
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const words = text.current?.value.trim() ?? ''
    isEmpty.value = words === ''
    if (words === '') {
      text.current?.focus()
      return
    }
    const where = reach.current?.value.trim() ?? ''
    chat.say({ leave: { text: words, ...(where !== '' && { reach: where }) } })
    chat.write('')
    done()
  }
  return (
    <form class="leave" onSubmit={submit}>
      <h3>{said.leaveTitle}</h3>
      <p>{said.leaveHint}</p>
      <label>
        {said.leaveText}
        <textarea
          ref={text}
          rows={4}
          maxLength={3_500}
          aria-invalid={isEmpty.value}
          aria-describedby="leave-fault"
          onInput={(event) => chat.write(event.currentTarget.value)}
          // What was begun in the composer goes on here, and back.
          defaultValue={draft.peek()}
        />
      </label>
      <p id="leave-fault" class="fault" role="alert">
        {isEmpty.value && said.required}
      </p>
      <label>
        {said.leaveReach}
        <input ref={reach} maxLength={200} autocomplete="email" />
      </label>
      <div class="row">
        <button class="chip" type="button" onClick={done}>
          {said.cancel}
        </button>
        <button class="send" type="submit">
          {said.leaveSend}
        </button>
      </div>
    </form>
  )
}
