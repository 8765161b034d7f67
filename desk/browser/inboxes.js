import { get, post } from './api.js'
import { announce, byId, el, strange } from './dom.js'
import { show } from './dialogs.js'
import { channelName, exactTime } from './format.js'
import { icon } from './icons.js'
import { has, t } from './words.js'

const isWell = ({ state, pause }) => state === 'running' && pause === undefined

const stateText = ({ state, pause }) => (pause === undefined ? t(`inbox.${state}`) : t('inbox.halted'))

const facts = (inbox) => [
  inbox.state === 'failing' && inbox.nextTryAt !== undefined
    ? t('inbox.next-try', { at: exactTime(inbox.nextTryAt) })
    : undefined,
  inbox.pause === undefined
    ? undefined
    : t('inbox.halted.until', { at: exactTime(inbox.pause.until), reason: inbox.pause.reason }),
]

/** What a message that nobody answered was: when, from whom, and what it says. */
const drawQuiet = ({ at, contactKey, parts }) => {
  const mail = parts.find(({ kind, name }) => kind === 'event' && name === 'mail')
  const words = parts.flatMap(({ kind, text }) => (kind === 'text' ? [text] : [])).join('\n')
  const label = `mail.class.${mail?.data?.class}`
  return el(
    'li',
    {},
    el(
      'details',
      {},
      el(
        'summary',
        {},
        `${exactTime(at)} `,
        has(label) ? el('span', { class: 'chip', text: t(label) }) : undefined,
        ' ',
        strange('bdi', contactKey),
        ' ',
        strange('bdi', String(mail?.value ?? '')),
      ),
      strange('span', words, 'words'),
    ),
  )
}

/** Fetched once it is unfolded. */
const drawQuietList = ({ inboxId }) => {
  const list = el('ul', {})
  const fill = async () => {
    try {
      const { messages } = await get(`/inboxes/${inboxId}/quiet`)
      list.replaceChildren(
        ...(messages.length === 0 ? [el('li', { text: t('inbox.quiet.none') })] : messages.map(drawQuiet)),
      )
    } catch (error) {
      list.replaceChildren(el('li', { text: error.message }))
    }
  }
  return el(
    'details',
    {
      class: 'small',
      on: {
        toggle: (event) => {
          if (event.target === event.currentTarget && event.currentTarget.open) void fill()
        },
      },
    },
    el('summary', { text: t('inbox.quiet') }),
    list,
  )
}

const drawInbox = (inbox, { mayResume, resume }) =>
  el(
    'li',
    { class: 'stack' },
    el(
      'span',
      { class: 'row' },
      el('span', { class: `channel ${inbox.channel}`, text: channelName(inbox.channel) }),
      el('strong', { text: inbox.inboxId }),
      el(
        'span',
        { class: 'chip', title: exactTime(inbox.since) },
        icon(isWell(inbox) ? 'tick' : 'cross'),
        stateText(inbox),
      ),
      inbox.pause !== undefined && mayResume
        ? el('button', {
            type: 'button',
            class: 'small',
            text: t('inbox.resume'),
            on: { click: () => resume(inbox.inboxId) },
          })
        : undefined,
    ),
    facts(inbox)
      .filter((fact) => fact !== undefined)
      .map((fact) => el('span', { class: 'quiet small', text: fact })),
    inbox.lastError === undefined
      ? undefined
      : strange('span', `${exactTime(inbox.lastError.at)} ${inbox.lastError.message}`, 'quiet small'),
    drawQuietList(inbox),
  )

/** The configured accounts: how they fare stands in the bar, the rest in a dialog. */
export const createInboxes = ({ mayResume }) => {
  let inboxes = []
  const draw = () => {
    const ill = inboxes.filter((inbox) => !isWell(inbox)).length
    byId('inboxes').textContent = ill === 0 ? t('inboxes') : t('inboxes.ill', { n: ill })
    byId('inboxes').dataset.ill = String(ill)
  }
  const look = async () => {
    inboxes = (await get('/inboxes')).inboxes
    draw()
  }
  const list = el('ul', { class: 'inboxes' })
  const fill = () =>
    list.replaceChildren(...inboxes.map((inbox) => drawInbox(inbox, { mayResume: mayResume(), resume })))
  const resume = async (inboxId) => {
    try {
      await post(`/inboxes/${inboxId}/resume`, {})
      announce(t('done.inbox.resume', { inbox: inboxId }))
    } catch (error) {
      announce(error.message, 'bad')
    }
    await look().then(fill, () => undefined)
  }
  return {
    draw,
    look,
    open: async () => {
      await look().catch(() => undefined)
      fill()
      return show(t('inboxes'), list, [{ value: 'close', text: t('close'), primary: true }])
    },
  }
}
