import { get, post } from './api.js'
import { announce, el, strange } from './dom.js'
import { show } from './dialogs.js'
import { channelName, exactTime, span } from './format.js'
import { present } from './present.js'
import { isMasked, revealButton, showPlain } from './reveal.js'
import { t } from './words.js'

/** Messages that may still be sent to an address, and for how long; undefined: no limit. */
export const reachOf = ({ quota }, now = present()) => {
  if (quota === undefined) return undefined
  const open = Object.values(quota).filter(({ until }) => Date.parse(until) > now)
  return {
    left: open.reduce((sum, { left }) => sum + left, 0),
    leftMs: Math.max(0, ...open.map(({ until }) => Date.parse(until) - now)),
  }
}

/** The address a conversation is held with. */
export const identityOf = ({ identities }, conversationId) =>
  identities.find((identity) => identity.conversationId === conversationId)

/** How near the end of window or quota: words, not only colour, say it. */
export const reachLevel = ({ left, leftMs }) => {
  if (left <= 1 || leftMs < 3_600_000) return 'over'
  return left <= 2 || leftMs < 6 * 3_600_000 ? 'soon' : 'calm'
}

/** `剩 3 条 · 41 时` */
export const reachText = (reach) => {
  if (reach === undefined) return t('reach.unlimited')
  return reach.left === 0 || reach.leftMs === 0
    ? t('reach.closed')
    : t('reach.left', { n: reach.left, time: span(reach.leftMs) })
}

/** The provider's picture of a person; the name beside it says who it is. */
const avatar = ({ avatarMediaId }) =>
  avatarMediaId === undefined
    ? undefined
    : el('img', { class: 'avatar', src: `/api/desk/media/${avatarMediaId}`, alt: '', loading: 'lazy' })

/** The first picture there is of a contact. */
const faceOf = ({ identities }) => avatar(identities.find((one) => one.avatarMediaId !== undefined) ?? {})

const drawIdentity = (identity, { ticket, mayReply, mayChange, move, setFallback }) =>
  el(
    'li',
    { class: 'row' },
    el('span', { class: `channel ${identity.channel}`, text: channelName(identity.channel) }),
    avatar(identity),
    strange('bdi', identity.displayName ?? identity.contactKey),
    el('span', { class: 'quiet small', text: `${identity.inboxId} · ${reachText(reachOf(identity))}` }),
    identity.conversationId === ticket.conversationId
      ? el('span', { class: 'chip', text: t('contact.here') })
      : identity.conversationId !== undefined && mayReply
        ? el('button', {
            type: 'button',
            class: 'small',
            text: t('contact.move'),
            on: { click: () => move(identity) },
          })
        : undefined,
    mayChange
      ? el(
          'label',
          { class: 'row small' },
          el('input', {
            type: 'checkbox',
            checked: identity.fallback,
            on: { change: (event) => setFallback(identity, event.currentTarget.checked) },
          }),
          t('contact.fallback'),
        )
      : undefined,
  )

const drawMerge = (merge, undo) =>
  el(
    'li',
    { class: 'row small' },
    strange(
      'bdi',
      t('contact.merged', { name: merge.fromName || t('author.contact'), at: exactTime(merge.at) }),
    ),
    merge.undoneAt === undefined
      ? el('button', {
          type: 'button',
          class: 'small',
          text: t('contact.undo'),
          on: { click: () => undo(merge) },
        })
      : el('span', { class: 'quiet', text: t('contact.undone') }),
  )

/** Lets the agent find the same person under another contact; resolves to that contact or undefined. */
const chooseTwin = async (contact) => {
  const list = el('ul', { class: 'inboxes', role: 'status' })
  const field = el('input', {
    type: 'search',
    'aria-label': t('contact.search'),
    placeholder: t('contact.search'),
  })
  let chosen
  let dialog
  const look = async () => {
    const search = field.value.trim()
    if (search === '') return list.replaceChildren()
    const { contacts } = await get(`/contacts?search=${encodeURIComponent(search)}`)
    const others = contacts.filter(({ id }) => id !== contact.id)
    list.replaceChildren(
      ...(others.length === 0 ? [el('li', { class: 'quiet', text: t('contact.none') })] : []),
      ...others.map((one) =>
        el(
          'li',
          { class: 'row' },
          strange('bdi', one.displayName || one.id),
          el('span', { class: 'quiet small', text: one.inboxes.join(', ') }),
          el('button', {
            type: 'button',
            class: 'small',
            text: t('contact.same'),
            on: {
              click: (event) => {
                chosen = one
                dialog = event.currentTarget.closest('dialog')
                dialog.close('chosen')
              },
            },
          }),
        ),
      ),
    )
    return undefined
  }
  field.addEventListener('input', () => void look().catch(() => undefined))
  await show(
    t('contact.merge'),
    el('div', { class: 'stack' }, el('p', { text: t('contact.merge.hint') }), field, list),
    [{ value: 'cancel', text: t('cancel') }],
  )
  return chosen
}

/** The changes an agent can make to a contact; each says how it went and has everything looked at anew. */
const changesOf = (contact, refresh) => {
  const run = async (work, words) => {
    try {
      await work()
      announce(words)
    } catch (error) {
      announce(error.facts?.detail ?? error.message, 'bad')
    }
    await refresh()
  }
  return {
    setFallback: ({ inboxId, contactKey }, fallback) =>
      run(
        () => post(`/contacts/${contact.id}/fallback`, { inboxId, contactKey, fallback }),
        t('done.contact'),
      ),
    merge: async () => {
      const twin = await chooseTwin(contact)
      if (twin === undefined) return
      await run(() => post(`/contacts/${contact.id}/merge`, { from: twin.id }), t('done.contact.merge'))
    },
    undo: (one) => run(() => post(`/merges/${one.id}/undo`, {}), t('done.contact.undo')),
  }
}

/** Names and addresses in full. */
const showContact = ({ displayName, identities }) =>
  showPlain(t('reveal.title'), [
    [t('contact'), displayName],
    ...identities.map(({ channel, contactKey, displayName: name }) => [
      channelName(channel),
      name === undefined ? contactKey : `${name} · ${contactKey}`,
    ]),
  ])

/** Who the contact is over all channels, and what may be done about it. */
export const drawContact = ({ contact, ticket }, { may, opened, refresh, move }) => {
  const { setFallback, merge, undo } = changesOf(contact, refresh)
  const context = {
    ticket,
    mayReply: may('ticket.reply'),
    mayChange: may('contact.change'),
    move,
    setFallback,
  }
  const remember = (event) => {
    if (event.currentTarget.open) opened.add('contact')
    else opened.delete('contact')
  }
  return el(
    'details',
    { class: 'contact-facts', open: opened.has('contact'), on: { toggle: remember } },
    el(
      'summary',
      {},
      `${t('contact')}: `,
      faceOf(contact),
      strange('bdi', contact.displayName || t('author.contact')),
      el('span', { class: 'quiet', text: ` · ${t('contact.addresses', { n: contact.identities.length })}` }),
    ),
    may('personal.reveal') && isMasked([contact.displayName, contact.identities])
      ? revealButton(`/contacts/${contact.id}`, showContact)
      : undefined,
    el(
      'ul',
      { class: 'inboxes' },
      contact.identities.map((identity) => drawIdentity(identity, context)),
      contact.merges.map((one) => drawMerge(one, undo)),
    ),
    may('contact.merge')
      ? el('button', {
          type: 'button',
          class: 'small',
          text: t('contact.merge'),
          on: { click: () => void merge() },
        })
      : undefined,
  )
}
