import { post } from './api.js'
import { showConflict } from './dialogs.js'
import { may, state } from './state.js'
import { t } from './words.js'

/** What a colleague did since this page last looked: their reply, or that they hold the ticket. */
const collisionOf = (before, after, current) => {
  const known = new Set(before.messages.map((message) => message.id))
  const isTheirs = ({ id, author, direction, agentId }) =>
    !known.has(id) && author === 'agent' && direction === 'out' && agentId !== state.me.id
  const reply = after.messages.findLast(isTheirs)
  const holder = current.assigneeId
  const held = holder !== undefined && holder !== state.me.id
  if (reply !== undefined) {
    const quote = reply.parts.map((part) => part.text ?? '').join('\n')
    return { held, quote, sentence: t('conflict.replied', { name: reply.agentName ?? t('author.agent') }) }
  }
  return held ? { held, sentence: t('conflict.held', { name: current.assigneeName ?? holder }) } : undefined
}

/** Asks what to do about a conflict: undefined nothing, else the version to go on with. */
const settle = async (error, { look, goOn }) => {
  const before = state.detail
  await look()
  const current = error.facts.ticket
  if (before === undefined || state.detail === undefined || current === undefined) return undefined
  const { version } = state.detail.ticket
  const collision = collisionOf(before, state.detail, current)
  // Only the contact or the bot moved: no colleague is stepped on by a reply.
  if (collision === undefined && goOn === 'conflict.send') return { version }
  if (collision?.held === true && !may('ticket.take-over')) {
    await showConflict(collision)
    return undefined
  }
  const held = collision?.held === true
  const asked = collision ?? { sentence: t('conflict.changed') }
  if (!(await showConflict({ ...asked, goOn: t(held ? 'conflict.force' : goOn) }))) return undefined
  return held ? { version, force: true } : { version }
}

/**
 * Posts a change; when somebody was faster, shows it and asks. Undefined: the agent would rather not.
 * `context`: `{ look, goOn }`, how to see the newest state and what going on is called.
 */
export const postAsking = async (path, body, key, context) => {
  try {
    return await post(path, body, key)
  } catch (error) {
    if (error.code !== 'conflict') throw error
    const settled = await settle(error, context)
    if (settled === undefined) return undefined
    if (settled.force !== true) return post(path, { ...body, ...settled }, key)
    const take = `${path.slice(0, path.lastIndexOf('/'))}/take`
    const taken = await post(take, settled)
    return path === take ? taken : post(path, { ...body, version: taken.ticket.version }, key)
  }
}
