import App from 'antd/es/app'
import Button from 'antd/es/button'
import { useEffect, useState } from 'react'
import { create } from 'zustand'
import { desk, type TicketChanged } from '../api/desk.ts'
import { lookAgain } from '../api/queries.ts'
import { ApiError } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useKeys } from '../shell/keys.ts'
import { useAriaKeys } from '../shell/preferences.ts'
import { useWords } from '../words/index.ts'

interface Offer {
  /** What was done, in words. */
  readonly text: string
  readonly until: number
  readonly takeBack: () => Promise<unknown>
  /** What is said when it was taken back. */
  readonly undone: string
  /** The ticket that it was about; undefined: several. */
  readonly ticketId: string | undefined
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

/** What was done to several tickets, or in several ways, and how that is undone. */
interface Wide {
  readonly text: string
  readonly leftMs: number
  readonly takeBack: () => Promise<unknown>
  readonly undone: string
}

const takeBackOf = ({ ticket, undo }: TicketChanged): Promise<TicketChanged> =>
  undo?.messageId === undefined ? desk.undoSolve(ticket.id) : desk.withdraw(undo.messageId)

/** Says that something was done, and offers to take it back while the server lets it. */
export const useUndo = () => {
  const t = useWords()
  const { message } = App.useApp()
  const set = useOffered((state) => state.set)
  return {
    /** `restore`: gets the words back that were sent; `undone`: what is said then, where the act was a wider one. */
    offer: (
      changed: TicketChanged,
      text: string,
      { restore, undone }: { readonly restore?: () => void; readonly undone?: string } = {},
    ): void => {
      const { ticket, undo } = changed
      if (undo === undefined) void message.success(text)
      else
        set({
          ...{ ticketId: ticket.id, text, undone: undone ?? t(`done.undo-${undo.act}`) },
          until: Date.now() + undo.leftMs,
          takeBack: async () => {
            await takeBackOf(changed)
            restore?.()
          },
        })
    },
    offerWide: ({ leftMs, ...wide }: Wide): void => {
      if (leftMs <= 0) void message.success(wide.text)
      else set({ ...wide, ticketId: undefined, until: Date.now() + leftMs })
    },
  }
}

const secondsLeft = ({ until }: Offer): number => Math.ceil((until - Date.now()) / 1_000)

/** The notice with the seconds that are left; its key takes back as well. */
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
      await offered.takeBack()
      void message.success(offered.undone)
    } catch (error) {
      const isLate = error instanceof ApiError && error.code === 'conflict'
      void message.error(isLate ? t('undo.late') : explain(error, t))
    }
    lookAgain(offered.ticketId)
  }
  const ariaKeys = useAriaKeys()
  useKeys({ undo: offered === undefined ? undefined : () => void run() })
  if (offered === undefined) return null
  return (
    <div className="undo" role="status">
      <span>{offered.text}</span>
      <Button size="small" onClick={() => void run()} aria-keyshortcuts={ariaKeys('undo')}>
        {t('undo', { n: left })}
      </Button>
    </div>
  )
}
