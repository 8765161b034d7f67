import { el } from './dom.js'
import { show } from './dialogs.js'
import { currentLanguage, t } from './words.js'

const groupOf = (label, options) =>
  options.length === 0
    ? undefined
    : el(
        'optgroup',
        { label },
        options.map(({ value, text }) => el('option', { value, text })),
      )

const agentText = ({ name, availability, load }) =>
  t('transfer.agent', { name, state: t(`presence.${availability}`), count: load })

const choicesOf = ({ teams, agents }, ticket) => ({
  teams: teams.map(({ id, name }) => ({ value: `team:${id}`, text: name[currentLanguage()] })),
  agents: agents
    .filter(({ id, availability }) => availability !== 'offline' && id !== ticket.assigneeId)
    .map((agent) => ({ value: `agent:${agent.id}`, text: agentText(agent) })),
})

/** Asks to whom a ticket goes, and with which words; undefined: nowhere. `there`: who is there. */
export const askTransfer = async (ticket, there) => {
  const { teams, agents } = choicesOf(there, ticket)
  const title = t('transfer.title', { number: ticket.number })
  if (teams.length + agents.length === 0) {
    await show(title, el('p', { text: t('transfer.none') }), [
      { value: 'close', text: t('close'), primary: true },
    ])
    return undefined
  }
  const to = el(
    'select',
    { id: 'transfer-to', required: true },
    groupOf(t('transfer.teams'), teams),
    groupOf(t('transfer.agents'), agents),
  )
  const note = el('textarea', { id: 'transfer-note', rows: 3, maxlength: 4_000, required: true, dir: 'auto' })
  const fault = el('p', { class: 'fault', role: 'alert' })
  const form = el(
    'form',
    { class: 'stack', id: 'transfer-form', novalidate: true },
    el('label', { for: 'transfer-to', text: t('transfer.to') }),
    to,
    el('label', { for: 'transfer-note', text: t('transfer.note') }),
    note,
    fault,
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (to.value !== '' && note.value.trim() !== '') form.closest('dialog').close('go')
    else fault.textContent = t('transfer.missing')
  })
  const pressed = await show(title, form, [
    { value: 'cancel', text: t('cancel') },
    { form: 'transfer-form', text: t('transfer.go'), primary: true },
  ])
  if (pressed !== 'go') return undefined
  const [kind, id] = [to.value.slice(0, to.value.indexOf(':')), to.value.slice(to.value.indexOf(':') + 1)]
  return { [kind === 'team' ? 'teamId' : 'agentId']: id, note: note.value.trim() }
}
