import { show } from './dialogs.js'
import { el } from './dom.js'
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
const wordFields = (name, facts = {}) => [
  ...field('zh', t(name), { ...text, ...facts }, 'textarea'),
  ...field(
    'en',
    t(`${name === 'incident.notice' ? 'incident.notice' : 'incident.wording'}.en`),
    text,
    'textarea',
  ),
]

/** Asks for what is needed to declare an incident; undefined: not confirmed. */
export const askDeclaration = async (spike) => {
  const form = await ask(
    t('incident.declare'),
    [
      ...field('title', t('incident.title'), { maxlength: 100, required: true }),
      ...wordFields('incident.notice'),
      ...field('topics', t('incident.topics'), { value: spike?.topic ?? '' }),
      ...field('channels', t('incident.channels'), { value: spike?.channel ?? '' }),
      el(
        'label',
        {},
        el('input', { type: 'checkbox', id: 'incident-gather', checked: true }),
        t('incident.gather'),
      ),
    ],
    t('incident.declare'),
  )
  if (form === undefined) return undefined
  const notice = wording(read(form, 'zh'), read(form, 'en'))
  return {
    title: { zh: read(form, 'title') },
    ...(notice === undefined ? {} : { notice }),
    topics: listOf(read(form, 'topics')),
    channels: listOf(read(form, 'channels')),
    gather: form.querySelector('#incident-gather').checked,
    ...(spike === undefined ? {} : { spikeId: spike.id }),
  }
}

/** Asks what those who follow are told, at the end (`close`) or before (`update`); undefined: not confirmed. */
export const askNews = async ({ number }, name) => {
  const isClose = name === 'close'
  const form = await ask(
    `${t(`incident.${name}`)} I-${number}`,
    wordFields(isClose ? 'incident.closing' : 'incident.wording', { required: !isClose }),
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
