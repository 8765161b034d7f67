import { show } from './dialogs.js'
import { el, strange } from './dom.js'
import { t } from './words.js'

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
const wordFields = (name, facts = {}, known = {}) => [
  ...field('zh', t(name), { ...text, ...facts, text: known.zh ?? '' }, 'textarea'),
  ...field(
    'en',
    t(`${name === 'incident.notice' ? 'incident.notice' : 'incident.wording'}.en`),
    { ...text, maxlength: 1200, text: known.en ?? '' },
    'textarea',
  ),
]

/** What an incident is called, what contacts hear, and whom it is about. `title` and `notice` may be left to the product. */
const factFields = ({ title = {}, notice = {}, topics = [], channels = [] }, isNew) => {
  const usual = isNew ? { placeholder: t('incident.usual') } : { required: true }
  return [
    ...field('title', t('incident.title'), { maxlength: 100, value: title.zh ?? '', ...usual }),
    ...field('title-en', t('incident.title.en'), { maxlength: 200, value: title.en ?? '' }),
    ...wordFields('incident.notice', usual, notice),
    ...field('topics', t('incident.topics'), { value: topics.join(', ') }),
    ...field('channels', t('incident.channels'), { value: channels.join(', ') }),
  ]
}

const readFacts = (form) => {
  const title = wording(read(form, 'title'), read(form, 'title-en'))
  const notice = wording(read(form, 'zh'), read(form, 'en'))
  return {
    ...(title === undefined ? {} : { title }),
    ...(notice === undefined ? {} : { notice }),
    topics: listOf(read(form, 'topics')),
    channels: listOf(read(form, 'channels')),
  }
}

/** Asks for what is needed to declare an incident; undefined: not confirmed. */
export const askDeclaration = async (spike) => {
  const about = {
    topics: [spike?.topic].filter(Boolean),
    channels: [spike?.channel].filter(Boolean),
  }
  const form = await ask(
    t('incident.declare'),
    [
      ...factFields(about, true),
      el(
        'label',
        { class: 'row' },
        el('input', { type: 'checkbox', id: 'incident-gather', checked: true }),
        t('incident.gather'),
      ),
    ],
    t('incident.declare'),
  )
  if (form === undefined) return undefined
  return {
    ...readFacts(form),
    gather: form.querySelector('#incident-gather').checked,
    ...(spike === undefined ? {} : { spikeId: spike.id }),
  }
}

/** Asks how an incident is to be changed, from what it is; undefined: not confirmed. */
export const askChange = async (incident) => {
  const form = await ask(
    `${t('incident.change')} I-${incident.number}`,
    factFields(incident, false),
    t('incident.change'),
  )
  return form === undefined ? undefined : readFacts(form)
}

/**
 * Asks what those who follow are told, at the end (`close`) or before (`update`); undefined: not confirmed. `telling`
 * is what would come of it; absent: not known.
 */
export const askNews = async ({ number, openTickets: open }, name, telling) => {
  const isClose = name === 'close'
  const form = await ask(
    `${t(`incident.${name}`)} I-${number}`,
    [
      telling && strange('p', t('incident.telling', telling), 'telling'),
      isClose && open > 0 && strange('p', t('incident.solves', { open })),
      ...wordFields(isClose ? 'incident.closing' : 'incident.wording', { required: !isClose }),
    ],
    t(`incident.${name}`),
  )
  if (form === undefined) return undefined
  const said = wording(read(form, 'zh'), read(form, 'en'))
  return said === undefined ? {} : { wording: said }
}

/** Asks why a spike is no incident; undefined: not confirmed. */
export const askReason = async () => {
  const facts = { maxlength: 300, required: true }
  const form = await ask(
    t('incident.dismiss'),
    field('reason', t('incident.dismiss.reason'), facts),
    t('incident.dismiss'),
  )
  return form === undefined ? undefined : { reason: read(form, 'reason') }
}
