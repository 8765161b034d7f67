import { useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import type { Mode } from './drafts.ts'
import { replaceTrigger, triggerIn, type Trigger } from './trigger.ts'

/** The list's id, for the field that it belongs to. */
export const choicesId = 'composer-choices'

/** Hears keys of the field while a list stands open; says whether a key was for the list. */
export type HearKey = (key: string) => boolean

interface TriggerOptions {
  readonly mode: Mode
  readonly field: RefObject<TextAreaRef | null>
  readonly text: string
  readonly write: (text: string) => void
}

/** Finds out when `;` or `@` opens a list, and puts what is chosen in its place. */
export const useTrigger = ({ mode, field, text, write }: TriggerOptions) => {
  const [found, setFound] = useState<Trigger>()
  const [left, setLeft] = useState<number>()
  const hearKey = useRef<HearKey>(null)
  const look = (now: string, caret: number): void => {
    const next = triggerIn(now, caret, mode)
    setFound(next)
    if (next === undefined) setLeft(undefined)
  }
  const open = found !== undefined && found.start !== left && text.length >= found.end ? found : undefined
  return {
    open,
    hearKey,
    look,
    leave: (): void => {
      setLeft(found?.start)
    },
    /** Whether the key was for the list. */
    press: ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
      open !== undefined && !ctrlKey && !metaKey && !altKey && hearKey.current?.(key) === true,
    put: (words: string): void => {
      if (open === undefined) return
      const { text: next, caret } = replaceTrigger(text, open, words)
      write(next)
      setFound(undefined)
      // The caret can stand there once the text does.
      requestAnimationFrame(() => {
        field.current?.focus()
        field.current?.resizableTextArea?.textArea.setSelectionRange(caret, caret)
      })
    },
  }
}
