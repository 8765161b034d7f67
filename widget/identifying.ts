/** Who the visitor is, by the page's word. */
import type { ChatParts } from './chat-parts.ts'
import type { Identified } from './session.ts'
import type { State } from './state.ts'

/** Where the server is not reached: so often, each time after so long once more. */
const mostTries = 6
const againAfterMs = 2_000

/** Nobody is signed in any more: nothing of the customer's stays behind on this browser. */
const signOut = ({ state, outbox, reading, waiting, line, connect }: ChatParts): void => {
  const { session, draft, passing, isOpen } = state
  if (!session.isKnown()) {
    if (isOpen.value || session.exists()) connect()
    return
  }
  session.forget()
  outbox.clear()
  draft.value = ''
  passing.set('draft', undefined)
  reading.clear(true)
  waiting.forget()
  if (isOpen.value) line.restart()
  else line.stop()
}

/** Becomes the customer; undefined: the page has said something else meanwhile. */
const become = async (
  { session }: State,
  token: string,
  isLatest: () => boolean,
): Promise<Identified | undefined> => {
  for (let tries = 1; isLatest(); tries += 1) {
    const outcome = await session.identify(token, isLatest)
    if (outcome.kind !== 'unreachable' || tries === mostTries) return isLatest() ? outcome : undefined
    await new Promise((resolve) => setTimeout(resolve, againAfterMs * tries))
  }
  return undefined
}

/** Goes on as whoever it is now. */
const goOn = (
  { state, outbox, reading, waiting, line, tell, connect }: ChatParts,
  outcome: Identified,
): void => {
  const { isOpen, session } = state
  if (outcome.kind === 'ok') {
    reading.clear(outcome.isAnother)
    waiting.forget()
    // Who never wrote costs the server nothing until they do.
    if (isOpen.value || outcome.hasSpoken || outbox.unsent.value.length > 0) line.restart()
    else line.stop()
    return
  }
  if (outcome.kind === 'refused') tell('identify', 'refused')
  if (isOpen.value || session.exists()) connect()
}

/** Becomes the customer whom the token names, or nobody in particular. */
export const createIdentifying = (parts: ChatParts): ((token: string | undefined) => Promise<void>) => {
  const { state, outbox, connect } = parts
  /** Grows with every call: an older one that is still under way is not the page's word any more. */
  let latest = 0
  return async (token) => {
    const own = (latest += 1)
    state.isIdentifying.value = token !== undefined
    if (token === undefined) {
      signOut(parts)
      return
    }
    // On every page of the same customer the same again; but a session that is over needs the server's word.
    if (state.session.isSame(token) && state.line.value !== 'ended') {
      state.isIdentifying.value = false
      if (state.isOpen.value) connect()
      return
    }
    // What is on its way is stored under the name that it was written under.
    await outbox.settled()
    const outcome = await become(state, token, () => own === latest)
    if (outcome === undefined) return
    state.isIdentifying.value = false
    goOn(parts, outcome)
  }
}
