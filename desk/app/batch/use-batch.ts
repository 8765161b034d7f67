import { useMutation } from '@tanstack/react-query'
import { create } from 'zustand'
import type { TicketView } from '../api/desk.ts'
import { lookAgain } from '../api/queries.ts'
import { useSelection } from '../inbox/selection.ts'
import { explain } from '../shell/explain.ts'
import { useNews } from '../ticket/use-act.ts'
import { useUndo } from '../ticket/undo.tsx'
import { useWords, type Translate } from '../words/index.ts'

/** What came of a change of one ticket. */
export interface Changed {
  /** As it is now. */
  readonly after: TicketView
  /** Puts it back as it was; undefined: that is not ours to do. */
  readonly back: (() => Promise<unknown>) | undefined
  /** Milliseconds left to do so. */
  readonly leftMs: number
}

export type ChangeOne = (ticket: TicketView) => Promise<Changed>

interface Failed {
  readonly ticket: TicketView
  readonly error: unknown
}

interface Outcome {
  readonly done: readonly (Changed & { readonly ticket: TicketView })[]
  readonly failed: readonly Failed[]
}

/** Requests under way at once: quick, and no burden to others. */
const width = 4

/** How a change may be taken back where the server knows no limit of its own. */
export const undoMs = 5_000

const changeAll = async (tickets: readonly TicketView[], change: ChangeOne): Promise<Outcome> => {
  const waiting = [...tickets]
  const done: (Changed & { readonly ticket: TicketView })[] = []
  const failed: Failed[] = []
  const work = async (): Promise<void> => {
    for (let ticket = waiting.shift(); ticket !== undefined; ticket = waiting.shift())
      try {
        done.push({ ticket, ...(await change(ticket)) })
      } catch (error) {
        failed.push({ ticket, error })
      }
  }
  await Promise.all(Array.from({ length: width }, work))
  return { done, failed }
}

interface FailedState {
  readonly failed: readonly Failed[]
}
const useFailedState = create<FailedState>(() => ({ failed: [] }))

/** What the last change of several did not reach and is still selected, in words. */
export const useFailed = (): readonly string[] => {
  const t = useWords()
  const selected = useSelection((state) => state.ids)
  return useFailedState((state) => state.failed)
    .filter(({ ticket }) => selected.has(ticket.id))
    .map(({ ticket, error }) => `T-${ticket.number} ${explain(error, t)}`)
}

/** Names one ticket, or says how many. */
export const whatOf = (tickets: readonly Pick<TicketView, 'number'>[], t: Translate): string => {
  const [first] = tickets
  return first !== undefined && tickets.length === 1
    ? `T-${first.number}`
    : t('batch.count', { n: tickets.length })
}

const takeAllBack = async (done: Outcome['done']): Promise<void> => {
  const tried = await Promise.allSettled(done.map(async ({ back }) => await back?.()))
  lookAgain(undefined)
  const refused = tried.find((one) => one.status === 'rejected')
  if (refused !== undefined) throw refused.reason as Error
}

interface Work {
  readonly tickets: readonly TicketView[]
  readonly change: ChangeOne
  /** Says what was done to `what`. */
  readonly says: (what: string) => string
}

/**
 * Does the same to several tickets; says to how many and offers to undo it. What failed stays selected, each with its
 * reason.
 */
export const useBatch = () => {
  const t = useWords()
  const undo = useUndo()
  const take = useNews()
  const select = useSelection((state) => state.set)
  const tell = ({ done }: Outcome, says: Work['says']): void => {
    if (done.length === 0) return
    const what = whatOf(
      done.map(({ ticket }) => ticket),
      t,
    )
    undo.offerWide({
      text: says(what),
      undone: t('batch.undone', { what }),
      leftMs: done.some(({ back }) => back === undefined) ? 0 : Math.min(...done.map(({ leftMs }) => leftMs)),
      takeBack: () => takeAllBack(done),
    })
  }
  return useMutation({
    mutationFn: ({ tickets, change }: Work) => changeAll(tickets, change),
    onSuccess: (outcome, { says }) => {
      const { done, failed } = outcome
      for (const { after } of done) take({ ticket: after })
      useFailedState.setState({ failed })
      select(failed.map(({ ticket }) => ticket.id))
      tell(outcome, says)
      lookAgain(undefined)
    },
  })
}
