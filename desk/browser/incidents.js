import { createKey, v1 } from './api.js'
import { show } from './dialogs.js'
import { announce, byId, el, strange } from './dom.js'
import { currentLanguage, t } from './words.js'

const inLanguage = ({ zh, en }) => (currentLanguage() === 'en' ? (en ?? zh) : zh)

const field = (id, label, facts = {}, tag = 'input') => [
  el('label', { for: `incident-${id}`, text: label }),
  el(tag, { id: `incident-${id}`, ...facts }),
]

const read = (form, id) => form.querySelector(`#incident-${id}`).value.trim()
const listOf = (text) => [...new Set(text.split(/[,，、\s]+/).filter(Boolean))]
const wording = (zh, en) => (zh === '' ? undefined : { zh, ...(en === '' ? {} : { en }) })

/** A dialog with a form; gives the form when it was confirmed. */
const ask = async (title, fields, confirm) => {
  const form = el('form', { class: 'stack', id: 'incident-form' }, fields)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    form.closest('dialog').close('done')
  })
  const pressed = await show(title, form, [
    { value: 'cancel', text: t('cancel') },
    { form: 'incident-form', text: confirm, primary: true },
  ])
  return pressed === 'done' ? form : undefined
}

const text = { rows: 3, maxlength: 600 }
const wordFields = (name, facts = {}) => [
  ...field('zh', t(name), { ...text, ...facts }, 'textarea'),
  ...field('en', t(`${name === 'incident.notice' ? 'incident.notice' : 'incident.wording'}.en`), text, 'textarea'),
]

/** Banner of open incidents and spikes for all, with what supervisors do about them. `explain(error)` puts one in words. */
export const createIncidents = ({ may, explain }) => {
  let incidents = []
  let spikes = []

  const whatOf = ({ topic, channel }) => [topic, channel].filter(Boolean).join(' · ') || t('incident.everything')

  /** Does it, says so, and looks again. A refusal is told; nothing is lost but the dialog. */
  const act = async (work) => {
    try {
      await work()
      announce(t('done.incident'))
    } catch (error) {
      announce(explain(error), 'bad')
    }
    await look().catch(() => undefined)
  }

  const declare = async (spike) => {
    const form = await ask(
      t('incident.declare'),
      [
        ...field('title', t('incident.title'), { maxlength: 100, required: true }),
        ...wordFields('incident.notice'),
        ...field('topics', t('incident.topics'), { value: spike?.topic ?? '' }),
        ...field('channels', t('incident.channels'), { value: spike?.channel ?? '' }),
        el('label', {}, el('input', { type: 'checkbox', id: 'incident-gather', checked: true }), t('incident.gather')),
      ],
      t('incident.declare'),
    )
    if (form === undefined) return
    const notice = wording(read(form, 'zh'), read(form, 'en'))
    const body = {
      title: { zh: read(form, 'title') },
      ...(notice === undefined ? {} : { notice }),
      topics: listOf(read(form, 'topics')),
      channels: listOf(read(form, 'channels')),
      gather: form.querySelector('#incident-gather').checked,
      ...(spike === undefined ? {} : { spikeId: spike.id }),
    }
    const key = createKey()
    await act(() => v1.post('/incidents', body, key))
  }

  const tell = async (incident, name) => {
    const isClose = name === 'close'
    const form = await ask(
      `${t(`incident.${name}`)} I-${incident.number}`,
      wordFields(isClose ? 'incident.closing' : 'incident.wording', { required: !isClose }),
      t(`incident.${name}`),
    )
    if (form === undefined) return
    const said = wording(read(form, 'zh'), read(form, 'en'))
    const path = `/incidents/${incident.id}/${isClose ? 'close' : 'updates'}`
    const key = createKey()
    await act(() => v1.post(path, said === undefined ? {} : { wording: said }, key))
  }

  const dismiss = async (spike) => {
    const facts = { maxlength: 300, required: true }
    const form = await ask(t('incident.dismiss'), field('reason', t('incident.dismiss.reason'), facts), t('incident.dismiss'))
    if (form === undefined) return
    const reason = read(form, 'reason')
    await act(() => v1.post(`/spikes/${spike.id}/dismiss`, { reason }, createKey()))
  }

  const button = (name, work) =>
    may('incident.manage') &&
    el('button', { type: 'button', class: 'plain', text: t(`incident.${name}`), on: { click: () => void work() } })

  const drawIncident = (incident) => {
    const { number, heard, followers, tickets, openTickets: open, title, notice } = incident
    const facts = { number, heard, followers, tickets, open, title: inLanguage(title) }
    return el(
      'li',
      { class: 'row', title: inLanguage(notice) },
      strange('span', `⚠ ${t('incident.open', facts)}`),
      button('update', () => tell(incident, 'update')),
      button('close', () => tell(incident, 'close')),
    )
  }

  const drawSpike = (spike) => {
    const { observed, minutes, expected, factor } = spike.evidence
    const facts = { what: whatOf(spike), observed, minutes, expected: expected.toFixed(1), factor: factor.toFixed(1) }
    const over = spike.endedAt === undefined ? '' : ` (${t('incident.over')})`
    return el(
      'li',
      { class: 'row' },
      strange('span', `▲ ${t('incident.spike', facts)}${over}`),
      button('declare', () => declare(spike)),
      button('dismiss', () => dismiss(spike)),
    )
  }

  const draw = () => {
    const box = byId('incidents')
    // Spikes are for those who judge them; agents see what was declared.
    const shown = may('incident.manage') ? spikes : []
    box.replaceChildren(
      el('ul', { class: 'stack' }, incidents.map(drawIncident), shown.map(drawSpike)),
      ...[button('by-hand', () => declare())].filter(Boolean),
    )
    box.hidden = incidents.length === 0 && shown.length === 0 && !may('incident.manage')
    box.dataset.calm = incidents.length === 0 && shown.length === 0
  }

  const look = async () => {
    const [open, proposed] = await Promise.all([
      v1.get('/incidents?state=open&limit=20'),
      may('incident.manage') ? v1.get('/spikes?state=proposed&limit=20') : { data: [] },
    ])
    const before = JSON.stringify([incidents, spikes])
    incidents = open.data
    spikes = proposed.data
    // An open dialog keeps its button's focus: nothing is drawn anew that did not change.
    if (before !== JSON.stringify([incidents, spikes])) draw()
  }

  return { draw, look }
}
