import { createKey, v1 } from './api.js'
import { announce, byId, el, strange } from './dom.js'
import { askChange, askDeclaration, askNews, askReason } from './incident-dialogs.js'
import { currentLanguage, t } from './words.js'

const inLanguage = ({ zh, en }) => (currentLanguage() === 'en' ? (en ?? zh) : zh)
const whatOf = ({ topic, channel }) =>
  [topic, channel].filter(Boolean).join(' · ') || t('incident.everything')

/** What would come of telling; the dialog does without where that cannot be had. */
const lookAhead = ({ id }, kind) => v1.get(`/incidents/${id}/telling?kind=${kind}`).catch(() => undefined)

const drawIncident = (incident, button) => {
  const { id, version, number, heard, followers, tickets, openTickets: open, title, notice } = incident
  const facts = { number, heard, followers, tickets, open, title: inLanguage(title) }
  return el(
    'li',
    { class: 'row', title: inLanguage(notice) },
    strange('span', `⚠ ${t('incident.open', facts)}`),
    button('change', () => askChange(incident), { method: 'patch', path: `/incidents/${id}`, version }),
    button('update', async () => askNews(incident, 'update', await lookAhead(incident, 'update')), {
      path: `/incidents/${id}/updates`,
    }),
    button('close', async () => askNews(incident, 'close', await lookAhead(incident, 'closed')), {
      path: `/incidents/${id}/close`,
    }),
  )
}

const drawSpike = (spike, button) => {
  const { observed, minutes, expected, factor } = spike.evidence
  const rounded = { expected: expected.toFixed(1), factor: factor.toFixed(1) }
  const over = spike.endedAt === undefined ? '' : ` (${t('incident.over')})`
  return el(
    'li',
    { class: 'row' },
    strange(
      'span',
      `▲ ${t('incident.spike', { what: whatOf(spike), observed, minutes, ...rounded })}${over}`,
    ),
    button('declare', () => askDeclaration(spike), { path: '/incidents' }),
    button('dismiss', askReason, { path: `/spikes/${spike.id}/dismiss` }),
  )
}

/**
 * The banner of open incidents, and of spikes for those who judge them, with what supervisors do about both.
 * `explain(error)` puts a refusal into words.
 */
export const createIncidents = ({ may, explain }) => {
  let incidents = []
  let spikes = []

  /** Asks, does it, says so, and looks again. */
  const act = async (ask, { method = 'post', path, version }) => {
    const body = await ask()
    if (body === undefined) return
    try {
      await v1[method](path, body, { key: createKey(), version })
      announce(t('done.incident'))
    } catch (error) {
      announce(explain(error), 'bad')
    }
    await look().catch(() => undefined)
  }

  const button = (name, ask, write) =>
    may('incident.manage') &&
    el('button', {
      type: 'button',
      class: 'plain',
      text: t(`incident.${name}`),
      on: { click: () => void act(ask, write) },
    })

  const draw = () => {
    const box = byId('incidents')
    const byHand = button('by-hand', () => askDeclaration(), { path: '/incidents' })
    const rows = [
      ...incidents.map((one) => drawIncident(one, button)),
      ...spikes.map((one) => drawSpike(one, button)),
    ]
    box.replaceChildren(el('ul', { class: 'stack' }, rows), ...(byHand === false ? [] : [byHand]))
    box.hidden = rows.length === 0 && byHand === false
    box.dataset.calm = rows.length === 0
  }

  const look = async () => {
    const [open, proposed] = await Promise.all([
      v1.get('/incidents?state=open&limit=20'),
      // Spikes are for those who judge them; agents see what was declared.
      may('incident.manage') ? v1.get('/spikes?state=proposed&limit=20') : { data: [] },
    ])
    const before = JSON.stringify([incidents, spikes])
    incidents = open.data
    spikes = proposed.data
    // Nothing is drawn anew that did not change: a button keeps its focus.
    if (before !== JSON.stringify([incidents, spikes])) draw()
  }

  return { draw, look }
}
