/** Who the visitor is, by the page's word. */
import type { ChatParts } from './chat.ts'

/** Where the server is not reached: so often, each time after so long once more. */
const mostTries = 6
const againAfterMs = 2_000

/** Nobody is signed in any more: nothing of the customer's stays behind on this browser. */
const signOut = ({ state, outbox, reading, waiting, line }: ChatParts): void => {
  const { session, draft, passing, isOpen } = state
  if (!session.isKnown()) return
  session.forget()
  outbox.clear()
  draft.value = ''
  passing.set('draft', undefined)
  reading.clear(true)
  waiting.forget()
  if (isOpen.value) line.restart()
  else line.stop()
}

/** Becomes the customer whom the token names, or nobody in particular. */
export const createIdentifying = (parts: ChatParts): ((token: string | undefined) => Promise<void>) => {
  const { state, outbox, reading, waiting, line, tell } = parts
  /** Grows with every call: an older one that is still under way is not the page's word any more. */
  let latest = 0
  return async (token) => {
    const own = (latest += 1)
    if (token === undefined) return signOut(parts)
    // What is on its way is stored under the name that it was written under.
    await outbox.settled()
    if (own !== latest) return
    let outcome = await state.session.identify(token)
    for (let tries = 1; outcome.kind === 'unreachable' && tries < mostTries; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, againAfterMs * tries))
      if (own !== latest) return
      outcome = await state.session.identify(token)
    }
    if (own !== latest) return
    if (outcome.kind === 'refused') tell('identify', 'refused')
    if (outcome.kind !== 'ok') return
    reading.clear(outcome.isAnother)
    waiting.forget()
    // Who never wrote costs the server nothing until they do.
    if (state.isOpen.value || outcome.hasSpoken || outbox.unsent.value.length > 0) line.restart()
    else line.stop()
  }
}
