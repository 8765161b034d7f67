import App from 'antd/es/app'
import Button from 'antd/es/button'
import { useEffect, useState } from 'react'
import { create } from 'zustand'
import { desk, type TicketChanged } from '../api/desk.ts'
import { lookAgain } from '../api/queries.ts'
import { ApiError } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useKeys } from '../shell/keys.ts'
import { useWords } from '../words/index.ts'

interface Offer {
  readonly ticketId: string
  /** What was done, in words. */
  readonly text: string
  readonly act: 'reply' | 'solve'
  readonly messageId: string | undefined
  readonly until: number
  /** Gets the words back that were sent. */
  readonly restore: (() => void) | undefined
}

interface UndoState {
  readonly offered: Offer | undefined
  readonly set: (offered: Offer | undefined) => void
}

const useOffered = create<UndoState>((set) => ({
  offered: undefined,
  set: (offered) => {
    set({ offered })
  },
}))

/** Says that something was done, and offers to take it back while the server lets it. */
export const useUndo = () => {
  const { message } = App.useApp()
  const set = useOffered((state) => state.set)
  return {
    offer: ({ ticket, undo }: TicketChanged, text: string, restore?: () => void): void => {
      if (undo === undefined) void message.success(text)
      else
        set({
          ...{ ticketId: ticket.id, text, act: undo.act, messageId: undo.messageId, restore },
          until: Date.now() + undo.leftMs,
        })
    },
  }
}

const secondsLeft = ({ until }: Offer): number => Math.ceil((until - Date.now()) / 1_000)

const takeBack = ({ act, messageId, ticketId }: Offer): Promise<TicketChanged> =>
  act === 'reply' && messageId !== undefined ? desk.withdraw(messageId) : desk.undoSolve(ticketId)

/** The notice with the seconds that are left; `z` takes back as well. */
export const UndoNotice = () => {
  const t = useWords()
  const { message } = App.useApp()
  const { offered, set } = useOffered()
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (offered === undefined) return undefined
    const tick = (): void => {
      if (secondsLeft(offered) <= 0) set(undefined)
      else setLeft(secondsLeft(offered))
    }
    tick()
    const timer = setInterval(tick, 250)
    return () => {
      clearInterval(timer)
    }
  }, [offered, set])
  const run = async (): Promise<void> => {
    if (offered === undefined) return
    set(undefined)
    try {
      await takeBack(offered)
      offered.restore?.()
      void message.success(t(`done.undo-${offered.act}`))
    } catch (error) {
      const isLate = error instanceof ApiError && error.code === 'conflict'
      void message.error(isLate ? t('undo.late') : explain(error, t))
    }
    lookAgain(offered.ticketId)
  }
  useKeys({ z: () => void run() })
  if (offered === undefined) return null
  return (
    <div className="undo" role="status">
      <span>{offered.text}</span>
      <Button size="small" onClick={() => void run()} aria-keyshortcuts="z">
        {t('undo', { n: left })}
      </Button>
    </div>
  )
}
