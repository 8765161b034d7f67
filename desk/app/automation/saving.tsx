import Alert from 'antd/es/alert'
import { useState, type ReactNode } from 'react'
import { useWords } from '../words/automation.ts'
import { Theirs } from './theirs.tsx'
import { currentOf, refusalOf, useAutomationAct } from './use-automation.ts'

/** One line of what is saved, to lay beside another's. */
interface Line {
  readonly name: string
  readonly text: string
}

interface Saved<Kept, Body> {
  /** As it was opened; undefined: a new one. */
  readonly kept: Kept | undefined
  /** Brings it to the server, over the version that was seen last. */
  readonly send: (body: Body, seen: Kept | undefined) => Promise<unknown>
  readonly lines: (one: Kept | Body) => readonly Line[]
  readonly done: () => void
}

/**
 * Saves what stands in a form. Where somebody was faster, theirs is shown beside ours, and a second try goes out on what is
 * shown then.
 */
export const useSaving = <Kept, Body>({ kept, send, lines, done }: Saved<Kept, Body>) => {
  const t = useWords()
  const [seen, setSeen] = useState(kept)
  const [sent, setSent] = useState<Body>()
  const { mutate, error, isPending } = useAutomationAct((body: Body) => send(body, seen), 'done.saved')
  const theirs = currentOf(error) as Kept | undefined
  const refusal: ReactNode =
    theirs !== undefined && sent !== undefined ? (
      <Theirs
        lines={lines(theirs).map(({ name, text }, at) => ({
          ...{ name, theirs: text },
          yours: lines(sent)[at]?.text ?? '',
        }))}
      />
    ) : error === null ? null : (
      <Alert type="error" role="alert" title={refusalOf(error, t)} />
    )
  return {
    isPending,
    refusal,
    save: (body: Body): void => {
      setSent(body)
      mutate(body, {
        onSuccess: done,
        onError: (fault) => setSeen((was) => (currentOf(fault) as Kept | undefined) ?? was),
      })
    },
  }
}
