import Input from 'antd/es/input'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { lazy, Suspense, useState, type KeyboardEvent, type RefObject, type SyntheticEvent } from 'react'
import type { TicketView } from '../api/desk.ts'
import { isComposing } from '../shell/keys.ts'
import { useWords } from '../words/index.ts'
import type { AttachedFile, Mode } from './drafts.ts'
import { choicesId, useTrigger } from './use-trigger.ts'

// Fetched when the first mark is typed.
const later = () => import('./later.ts')
const CannedList = lazy(async () => ({ default: (await later()).CannedList }))
const MentionList = lazy(async () => ({ default: (await later()).MentionList }))
const Missing = lazy(async () => ({ default: (await later()).Missing }))

interface FieldProps {
  readonly field: RefObject<TextAreaRef | null>
  readonly ticket: TicketView
  readonly mode: Mode
  readonly text: string
  readonly readOnly: boolean
  readonly write: (text: string) => void
  /** Puts files beside what is written. */
  readonly add: (files: readonly AttachedFile[]) => void
  readonly submit: () => void
}

/** Where an agent writes: `;` opens the canned replies, and in notes `@` the colleagues. */
export const Field = ({ field, ticket, mode, text, readOnly, write, add, submit }: FieldProps) => {
  const t = useWords()
  const [activeId, setActiveId] = useState<string>()
  const trigger = useTrigger({ mode, field, text, write })
  const { open, hearKey, leave, put, look } = trigger
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    if (trigger.press(event)) {
      event.preventDefault()
      return
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      event.preventDefault()
      submit()
    }
    if (event.key === 'Escape') field.current?.blur()
  }
  const onSelect = ({ currentTarget }: SyntheticEvent<HTMLTextAreaElement>): void => {
    look(currentTarget.value, currentTarget.selectionStart)
  }
  const list = { query: open?.query ?? '', keys: hearKey, leave, tellActive: setActiveId }
  return (
    <div className="composer-words">
      <Suspense>
        {open === undefined || mode !== 'reply' ? null : (
          <CannedList
            {...list}
            ticket={ticket}
            choose={(words, pictures) => {
              put(words)
              add(pictures)
            }}
          />
        )}
        {open === undefined || mode !== 'note' ? null : (
          <MentionList {...list} choose={(name) => put(`@${name} `)} />
        )}
      </Suspense>
      <Input.TextArea
        ref={field}
        value={text}
        readOnly={readOnly}
        className="composer-field"
        rows={3}
        placeholder={t(`compose.${mode}.placeholder`)}
        aria-label={t(`compose.${mode}`)}
        aria-autocomplete="list"
        aria-controls={open === undefined ? undefined : choicesId}
        aria-activedescendant={open === undefined ? undefined : activeId}
        onChange={({ target }) => {
          write(target.value)
          look(target.value, target.selectionStart)
        }}
        onSelect={onSelect}
        onBlur={leave}
        onKeyDown={onKeyDown}
      />
      <Suspense>{mode === 'reply' && text.includes('{{') ? <Missing text={text} /> : null}</Suspense>
    </div>
  )
}
