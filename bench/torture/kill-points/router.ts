import {
  createAccept as accepting,
  createPassiveReplies as passiveReplies,
  createTurn as turning,
} from '../../../src/router/index.ts'
import { reach, step, think } from './points.ts'

export * from '../../../src/router/index.ts'

/** The way in, with a moment to die at between what is durable and what the provider is told. */
export const createAccept: typeof accepting = (deps) => {
  const accept = accepting(deps)
  return async (message) => {
    const accepted = await accept(message)
    reach('acknowledge-before')
    return accepted
  }
}

/** A turn, with moments to die at; as slow as it was ordered to be. */
export const createTurn: typeof turning = (deps) => {
  const turn = turning({
    ...deps,
    understand: (text, context) => step('understand', () => deps.understand(text, context)),
    compose: (inboxId, parts) => {
      reach('turn-during')
      return deps.compose(inboxId, parts)
    },
  })
  return async (claim) => {
    await think()
    const outcome = await turn(claim)
    reach('turn-after')
    return outcome
  }
}

/** Answers that ride on a request, with moments to die at before they leave and before that is recorded. */
export const createPassiveReplies: typeof passiveReplies = async (deps) => {
  const replies = await passiveReplies(deps)
  return {
    ...replies,
    awaitReply: async (messageId, budgetMs) => {
      const reply = await replies.awaitReply(messageId, budgetMs)
      if (reply === undefined) return undefined
      reach('ride-before')
      return { ...reply, confirm: () => step('ride-record', () => reply.confirm()) }
    },
  }
}
