/* global setInterval, clearInterval */
import { post } from './api.js'
import { announce, byId, el } from './dom.js'
import { t } from './words.js'

/**
 * Offers to take the last act back while the server lets it: a notice with the seconds left and a button.
 * `done(offer)` hears that it was, `failed(error)` why not.
 */
export const createUndo = ({ done, failed }) => {
  let offer
  let timer

  const end = () => {
    clearInterval(timer)
    if (button.isConnected) byId('notice').replaceChildren()
    offer = undefined
  }
  const secondsLeft = () => Math.ceil((offer.until - Date.now()) / 1_000)
  const run = async () => {
    if (offer === undefined) return
    const taken = offer
    end()
    try {
      await post(taken.path, {})
      announce(t(`done.undo-${taken.act}`))
      done(taken)
    } catch (error) {
      failed(error)
    }
  }
  const button = el('button', {
    type: 'button',
    class: 'undo',
    'aria-keyshortcuts': 'z',
    on: { click: () => void run() },
  })
  const tick = () => {
    if (secondsLeft() <= 0) end()
    else button.textContent = t('undo', { n: secondsLeft() })
  }
  return {
    run,
    /** `change`: what the server answered to the act; `facts` come back to `done`. */
    offer: (change, text, facts) => {
      end()
      const { undo, ticket } = change
      if (undo === undefined) {
        announce(text)
        return
      }
      const path =
        undo.act === 'reply' ? `/messages/${undo.messageId}/withdraw` : `/tickets/${ticket.id}/undo-solve`
      offer = { ...facts, act: undo.act, path, until: Date.now() + undo.leftMs }
      announce(text, 'info', { content: button, forMs: undo.leftMs })
      tick()
      timer = setInterval(tick, 250)
    },
  }
}
