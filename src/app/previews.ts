import { z } from 'zod'
import type { Channel } from '../core/channel.ts'
import type { Logger } from '../core/log.ts'
import type { FindTurn, OpenPreview, TurnPreview } from '../core/preview.ts'

export interface PreviewDeps {
  readonly findTurn: FindTurn
  readonly channel: (inboxId: string) => Pick<Channel, 'preview'> | undefined
  readonly log: Logger
}

/** Previews of the turns under way on this node. */
export interface Previews {
  readonly open: OpenPreview
  /** Something happened to a ticket: what is shown vanishes where a person leads since. `news`: as the bus tells it. */
  readonly look: (news: unknown) => void
}

/** So long a turn waits for what is on its way to the contact, in milliseconds; then that is given up. */
const patienceMs = 1_000

/** One thing at a time, and always the newest: what came meanwhile and was overtaken is never sent. `send` never throws. */
const createNewest = (send: (text: string) => Promise<void>) => {
  let wanted: string | undefined
  let working: Promise<void> | undefined
  const work = async (): Promise<void> => {
    for (let text = wanted; text !== undefined; text = wanted) {
      wanted = undefined
      await send(text)
    }
    working = undefined
  }
  return {
    set: (text: string): void => {
      wanted = text
      working ??= work()
    },
    /** The same once more, unless something newer waits. */
    repeat: (text: string): void => {
      wanted ??= text
      working ??= work()
    },
    /** What waits is not sent any more. */
    drop: (): void => {
      wanted = undefined
    },
    /** Resolves once nothing is being sent; undefined: nothing is. */
    working: () => working,
  }
}

/** Waits for `work`, and calls `giveUp` when that takes too long. */
const patiently = (work: Promise<void>, giveUp: () => void): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => {
      giveUp()
      resolve()
    }, patienceMs)
    void work.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })

type Claimed = Parameters<OpenPreview>[0]

/** Told of which conversation there is news; undefined: of any. */
type Look = (conversation: string | undefined) => void

/** Other news has no conversation. */
const News = z.looseObject({ conversationId: z.string().optional() })

/** What one turn shows; `open` are those that show something, by how they look whether they still may. */
const createTurnPreview = (
  { findTurn, log }: PreviewDeps,
  preview: NonNullable<Channel['preview']>,
  { claim, turn, open }: { readonly claim: Claimed; readonly turn: number; readonly open: Set<Look> },
): TurnPreview => {
  const { conversationId } = claim
  const givenUp = new AbortController()
  let latest = ''
  let shown = ''
  let place: { readonly threadKey: string; readonly lastSeq: number } | undefined
  let ending: Promise<void> | undefined
  let isLast = false
  const put = async (text: string): Promise<void> => {
    // To take something back where it was shown nobody has to be asked, who may be away.
    const found = text === '' && place !== undefined ? { ...place, isOurs: true } : await findTurn(claim)
    const isOver = ending !== undefined
    if (found !== undefined && !found.isOurs && !isOver) withdraw(false)
    // The turn may be over by now: then only what was shown vanishes.
    else if (found !== undefined && text !== shown && (text === '' || !isOver)) {
      shown = text
      place = found
      // What vanishes after the turn holds nobody up.
      const { threadKey, lastSeq: after } = found
      await preview(threadKey, { turn, after, text, isLast }, isOver ? undefined : givenUp.signal)
    }
  }
  const newest = createNewest((text) =>
    put(text).catch((error: unknown) => log.debug({ conversationId, error }, 'preview not shown')),
  )
  const look: Look = (conversation) => {
    if (conversation === undefined || conversation === conversationId) newest.repeat(latest)
  }
  const finish = (): Promise<void> => {
    open.delete(look)
    newest.drop()
    const working = newest.working()
    return working === undefined ? Promise.resolve() : patiently(working, () => givenUp.abort())
  }
  const end = (): Promise<void> => (ending ??= finish())
  const withdraw = (isReplaced: boolean): void => {
    isLast = isReplaced
    void end().then(() => {
      if (shown !== '') newest.set('')
    })
  }
  return {
    show: (text) => {
      if (ending !== undefined) return
      open.add(look)
      latest = text
      newest.set(text)
    },
    end,
    withdraw,
  }
}

/** Shows drafts of answers on the channels that can, as they are written. Whatever fails is left out. */
export const createPreviews = (deps: PreviewDeps): Previews => {
  const open = new Set<Look>()
  return {
    open: (claim) => {
      const preview = deps.channel(claim.inboxId)?.preview
      const turn = claim.pending.at(-1)?.seq
      if (preview === undefined || turn === undefined) return undefined
      return createTurnPreview(deps, preview, { claim, turn, open })
    },
    look: (news) => {
      if (open.size === 0) return
      const { data } = News.safeParse(news)
      for (const look of [...open]) look(data?.conversationId)
    },
  }
}
