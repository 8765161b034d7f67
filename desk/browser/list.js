/* global document */
import { byId, el, showEach, strange } from './dom.js'
import { channelName, dueOf } from './format.js'
import { icon } from './icons.js'
import { t } from './words.js'

export const views = ['unassigned', 'mine', 'open', 'solved']

/** Draws the views with their counts; `counts` may lack some. */
export const drawViews = (view, counts, choose) => {
  const drawView = (name) =>
    el(
      'button',
      {
        type: 'button',
        class: 'view',
        'aria-pressed': String(name === view),
        data: { view: name },
        on: { click: () => choose(name) },
      },
      t(`view.${name}`),
      counts[name] === undefined ? undefined : el('span', { class: 'count', text: String(counts[name]) }),
    )
  showEach(byId('views'), views, (name) => ({
    key: name,
    looks: [name === view, counts[name]],
    draw: () => drawView(name),
  }))
}

const chip = ({ level, picture, text, title }) =>
  el('span', { class: `chip ${level}`, title }, icon(picture), text)

/** The chip of the promised time. */
export const dueChip = (ticket) => {
  const { level, icon: picture, text, exact } = dueOf(ticket)
  return chip({ level: `due-${level}`, picture, text, title: exact })
}

/** Who has the ticket, in words. */
export const assigneeText = (ticket, me) => {
  if (ticket.assigneeId === undefined) return t('assignee.none')
  return ticket.assigneeId === me.id ? t('assignee.me') : (ticket.assigneeName ?? ticket.assigneeId)
}

const item = (ticket, { openId, me, open }) =>
  el(
    'li',
    {},
    el(
      'a',
      {
        class: 'item',
        href: `#/t/${ticket.id}`,
        data: { ticket: ticket.id },
        'aria-current': ticket.id === openId ? 'true' : undefined,
        on: {
          click: (event) => {
            if (event.metaKey || event.ctrlKey) return
            event.preventDefault()
            open(ticket.id)
          },
        },
      },
      el(
        'span',
        { class: 'row' },
        el('span', { class: `channel ${ticket.channel}`, text: channelName(ticket.channel) }),
        strange('bdi', ticket.contactName || t('author.contact'), 'who'),
        ticket.priority === 'normal'
          ? undefined
          : chip({
              level: `priority-${ticket.priority}`,
              picture: 'up',
              text: t(`priority.${ticket.priority}`),
            }),
        dueChip(ticket),
      ),
      strange('span', ticket.title, 'subject'),
      el(
        'span',
        { class: 'row quiet' },
        el('span', { text: `T-${ticket.number}` }),
        el('span', { text: t(`state.${ticket.state}`) }),
        el('span', { text: assigneeText(ticket, me) }),
      ),
    ),
  )

/** Draws the tickets of a view; whoever had the focus keeps it. */
export const drawList = (tickets, context) => {
  const focused = document.activeElement?.dataset?.ticket
  showEach(byId('tickets'), tickets, (ticket) => ({
    key: ticket.id,
    looks: [ticket, dueOf(ticket), ticket.id === context.openId, context.me.id],
    draw: () => item(ticket, context),
  }))
  byId('empty').textContent = tickets.length === 0 ? t(`empty.${context.view}`) : ''
  if (focused !== undefined && document.activeElement?.dataset?.ticket !== focused)
    document.querySelector(`[data-ticket="${focused}"]`)?.focus({ preventScroll: true })
}

/** Moves the focus `by` items from the focused, else from the open one. */
export const moveFocus = (by, openId) => {
  const items = [...document.querySelectorAll('.item')]
  if (items.length === 0) return
  const current = items.findIndex((one) => one === document.activeElement)
  const from = current >= 0 ? current : items.findIndex((one) => one.dataset.ticket === openId)
  const next = from < 0 ? 0 : Math.min(items.length - 1, Math.max(0, from + by))
  items[next].focus()
  items[next].scrollIntoView({ block: 'nearest' })
}
