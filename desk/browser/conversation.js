import { drawContact, identityOf, reachLevel, reachOf, reachText } from './contact.js'
import { byId, el, showEach, strange } from './dom.js'
import { channelName, exactTime, shortTime } from './format.js'
import { icon } from './icons.js'
import { assigneeText, dueChip } from './list.js'
import { drawMessage } from './messages.js'
import { isMasked, revealButton, showPlain } from './reveal.js'
import { t } from './words.js'

const isDone = (ticket) => ticket.state === 'solved' || ticket.state === 'closed'

const button = ({ act, text, key, run, primary = false }) =>
  el(
    'button',
    {
      type: 'button',
      class: primary ? 'primary' : '',
      data: { act },
      'aria-keyshortcuts': key,
      on: { click: run },
    },
    text,
    el('kbd', { text: key, 'aria-hidden': 'true' }),
  )

/** What may be done now, by permission and state. */
export const actionsOf = (ticket, { me, may }) => {
  const mine = ticket.assigneeId === me.id
  const held = ticket.assigneeId !== undefined && !mine
  return {
    take: !mine && !isDone(ticket) && may('ticket.take') && (!held || may('ticket.take-over')),
    force: held,
    handBack: !held && ticket.conversationMode === 'human' && !isDone(ticket) && may('ticket.handback'),
    solve: !held && !isDone(ticket) && may('ticket.solve'),
    transfer: !isDone(ticket) && may('ticket.take') && (!held || may('ticket.take-over')),
  }
}

const drawActions = (ticket, context) => {
  const allowed = actionsOf(ticket, context)
  const { take, handBack, solve, transfer } = context.actions
  const takeText = allowed.force
    ? t('action.take-over', { name: ticket.assigneeName ?? ticket.assigneeId })
    : t('action.take')
  const offered = [
    { on: allowed.take, act: 'take', text: takeText, key: 'm', run: take, primary: !allowed.force },
    { on: allowed.handBack, act: 'hand-back', text: t('action.hand-back'), key: 'b', run: handBack },
    { on: allowed.transfer, act: 'transfer', text: t('action.transfer'), key: 't', run: transfer },
    { on: allowed.solve, act: 'solve', text: t('action.solve'), key: 'e', run: solve },
  ]
  showEach(
    byId('actions'),
    offered.filter(({ on }) => on),
    (one) => ({ key: one.act, looks: one, draw: () => button(one) }),
  )
}

/** What may still be sent where the ticket goes on; nothing on channels without limits. */
const reachChip = ({ ticket, contact }) => {
  const identity = identityOf(contact, ticket.conversationId)
  const reach = identity === undefined ? undefined : reachOf(identity)
  if (reach === undefined) return undefined
  return el(
    'span',
    { class: `chip due-${reachLevel(reach)}`, title: t('reach') },
    icon(reach.left === 0 ? 'cross' : 'clock'),
    reachText(reach),
  )
}

const drawHead = (detail, context) => {
  const { ticket } = detail
  byId('head').replaceChildren(
    el(
      'div',
      { class: 'row' },
      el('button', {
        type: 'button',
        class: 'back',
        'aria-label': t('back'),
        text: '‹',
        on: { click: context.actions.leave },
      }),
      el(
        'h2',
        { id: 'subject', tabindex: '-1' },
        el('span', { class: 'quiet', text: `T-${ticket.number} ` }),
        strange('bdi', ticket.title),
      ),
      context.may('personal.reveal') && isMasked([ticket.title, ticket.summary, ticket.forms, ticket.fields])
        ? revealButton(`/tickets/${ticket.id}`, showTicket)
        : undefined,
    ),
    el(
      'div',
      { class: 'row quiet' },
      el('span', { class: `channel ${ticket.channel}`, text: channelName(ticket.channel) }),
      strange('bdi', ticket.contactName || t('author.contact'), 'who'),
      el('span', { class: 'chip', text: t(`state.${ticket.state}`) }),
      el('span', { class: 'chip' }, icon('person'), assigneeText(ticket, context.me)),
      el(
        'span',
        { class: 'chip' },
        icon(ticket.conversationMode === 'bot' ? 'bot' : 'person'),
        t(`mode.${ticket.conversationMode}`),
      ),
      dueChip(ticket),
      reachChip(detail),
    ),
  )
}

const drawHistory = ({ ticket, timeline }, opened) =>
  el(
    'details',
    {
      class: 'history',
      open: opened.has('history'),
      on: {
        toggle: (event) => {
          if (event.currentTarget.open) opened.add('history')
          else opened.delete('history')
        },
      },
    },
    el('summary', {}, `${t('summary')}: `, strange('bdi', ticket.summary)),
    el('p', {}, el('span', { class: 'quiet', text: `${t('reason')}: ` }), ticket.reason),
    el(
      'ol',
      { 'aria-label': t('history') },
      timeline.map((entry) =>
        el(
          'li',
          {},
          el('time', {
            datetime: entry.at,
            title: exactTime(entry.at),
            class: 'quiet',
            text: shortTime(entry.at),
          }),
          ` ${entry.agentName ?? t(`author.${entry.actor}`)} ${t(`change.${entry.change}`)}`,
        ),
      ),
    ),
  )

const formFile = ({ kind, messageId, mediaId, name }, messages) => {
  // A file that came later than the answer stands in its message.
  const parts = messages.find(({ id }) => id === messageId)?.parts ?? []
  const found = mediaId ?? parts.find((part) => part.kind === kind)?.media?.mediaId
  const label = strange('bdi', name ?? t(`part.${kind}`))
  return found === undefined
    ? el('span', { class: 'quiet' }, label)
    : el(
        'a',
        { href: `/api/desk/media/${found}`, target: '_blank', rel: 'noopener', class: 'file' },
        icon('clip'),
        label,
      )
}

/** What a ticket says in full. */
const showTicket = ({ title, summary, forms, fields }) =>
  showPlain(t('reveal.title'), [
    [t('reveal.ticket'), title],
    [t('reveal.summary'), summary],
    ...forms.flatMap((form) => form.fields.map(({ label, value }) => [label, value])),
    ...Object.entries(fields).map(([name, value]) => [name, String(value)]),
  ])

/** What a form gathered, as labels and answers. */
const drawForm = ({ title, complete, fields }, messages) =>
  el(
    'section',
    { class: 'form', 'aria-label': title },
    el(
      'h3',
      {},
      strange('bdi', title),
      complete ? undefined : el('span', { class: 'chip', text: t('form.partial') }),
    ),
    el(
      'dl',
      {},
      fields.map(({ label, value, files = [] }) => [
        el('dt', {}, strange('bdi', label)),
        el(
          'dd',
          {},
          strange('span', value, 'words'),
          files.map((file) => formFile(file, messages)),
        ),
      ]),
    ),
  )

const isNearEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 80

/** Draws an open ticket. `context`: `{ me, may, opened, follow, actions }`; `follow`: scroll to the end. */
export const drawConversation = (detail, context) => {
  const { ticket, messages } = detail
  const box = byId('messages')
  const follow = context.follow || isNearEnd(box)
  const before = box.scrollTop
  drawHead(detail, context)
  drawActions(ticket, context)
  const { contact, timeline } = detail
  const facts = [
    ...ticket.forms.map((form) => ({
      key: `form-${ticket.id}-${form.id}`,
      looks: [form, messages.length],
      draw: () => drawForm(form, messages),
    })),
    {
      key: `history-${ticket.id}`,
      looks: [ticket.summary, ticket.reason, timeline],
      draw: () => drawHistory(detail, context.opened),
    },
    {
      key: `contact-${ticket.id}`,
      looks: [contact, ticket.conversationId],
      draw: () => drawContact(detail, { ...context, ...context.actions }),
    },
  ]
  showEach(byId('history'), facts, (fact) => fact)
  const shared = {
    contactName: ticket.contactName,
    mayReply: context.may('ticket.reply'),
    mayReveal: context.may('personal.reveal'),
  }
  showEach(byId('log'), messages, (message) => ({
    key: message.id,
    looks: [message, shared],
    draw: () => drawMessage(message, { ...shared, opened: context.opened, retry: context.actions.retry }),
  }))
  box.scrollTop = follow ? box.scrollHeight : before
}
