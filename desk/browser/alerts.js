import { v1 } from './api.js'
import { byId, el, strange } from './dom.js'
import { show } from './dialogs.js'
import { shortTime } from './format.js'
import { t } from './words.js'

/**
 * What the agent is told of promised times: a button that counts, and a list behind it. `open(ticketId)` shows a ticket.
 */
export const createAlerts = ({ open }) => {
  let alerts = []

  const see = async (ids) => {
    alerts = alerts.filter(({ id }) => !ids.includes(id))
    draw()
    if (ids.length > 0) await v1.post('/alerts/seen', { ids }).catch(() => undefined)
  }

  const drawAlert = (alert) =>
    el(
      'li',
      {},
      el(
        'button',
        {
          type: 'button',
          class: 'plain',
          data: { alert: alert.id },
          on: {
            click: (event) => {
              event.target.closest('dialog').close()
              void see([alert.id])
              open(alert.ticketId)
            },
          },
        },
        `T-${alert.number} · ${t(`alert.${alert.kind}`, { what: t(`due.what.${alert.promise}`) })} · ${shortTime(alert.dueAt)} `,
        strange('bdi', alert.title),
      ),
    )

  const draw = () => {
    const button = byId('alerts')
    button.textContent = t('alerts', { n: String(alerts.length) })
    button.hidden = alerts.length === 0
  }

  byId('alerts').addEventListener('click', () => {
    const shown = alerts.map(({ id }) => id)
    const list = el('ul', { class: 'stack' }, alerts.map(drawAlert))
    const buttons = [
      { value: 'seen', text: t('alerts.seen') },
      { value: 'close', text: t('close'), primary: true },
    ]
    void show(t('alerts', { n: String(shown.length) }), list, buttons).then((pressed) =>
      pressed === 'seen' ? see(shown) : undefined,
    )
  })

  return {
    draw,
    look: async () => {
      alerts = (await v1.get('/alerts?unseen=true&limit=50')).data
      draw()
    },
  }
}
