import { button, el, emptyOf, find, reconcile } from './dom.js'
import { icon } from './icons.js'
import { detailOf } from './request-detail.js'
import { readExchange } from './server.js'
import { renderWire } from './wire.js'
import { spanOf, t, timeOf, tOr } from './words.js'

const { document } = globalThis

/** Every push and every API call of the channel that is looked at, latest first; each opens in place. */
export const createRequests = (tools) => {
  const empty = el('p', { class: 'empty' })
  const list = el('ol', { class: 'requests' })
  const wire = el('ol', { class: 'requests' })
  const element = el('div', {}, empty, list, wire)
  let store
  let wanted

  const open = async (row, id) => {
    const body = row.querySelector('.request-body')
    const toggle = row.querySelector('.request-row')
    const opening = body.hidden
    body.hidden = !opening
    toggle.setAttribute('aria-expanded', String(opening))
    if (!opening || body.childElementCount > 0) return
    body.replaceChildren(el('p', { class: 'hint' }, t('loading')))
    try {
      body.replaceChildren(detailOf(await readExchange(id), { ...tools, show, deskUrl: store.state.deskUrl }))
    } catch (error) {
      body.replaceChildren(el('p', { class: 'hint' }, t('failed', { reason: error.message })))
    }
  }
  const show = (id) => {
    wanted = id
    reveal()
  }
  /** Opens the wanted row once it is in the list. */
  const reveal = () => {
    const row = wanted === undefined ? null : find(`exchange-${wanted}`)
    if (row === null) return
    wanted = undefined
    if (row.querySelector('.request-body').hidden) void open(row, Number(row.dataset.key))
    row.scrollIntoView({ block: 'nearest' })
    row.querySelector('.request-row').focus({ preventScroll: true })
  }
  const render = (next) => {
    store = next
    const { channel, clientState } = store
    const exchanges = channel === 'wechat' ? store.state.exchanges : []
    const others = clientState?.exchanges ?? []
    empty.hidden = exchanges.length + others.length > 0
    emptyOf(empty, t(channel === 'web' ? 'requests.empty.web' : 'requests.empty'), 'link')
    renderWire(wire, others, tools)
    reconcile(list, exchanges, {
      key: (exchange) => exchange.id,
      signature: (exchange) => `${JSON.stringify(exchange)}|${document.documentElement.lang}`,
      build: (exchange, before) => {
        const row = rowOf(exchange, open)
        // A push that has just ended keeps its details open.
        if (before?.querySelector('.request-body').hidden === false) void open(row, exchange.id)
        return row
      },
    })
    reveal()
  }
  return { element, render, show }
}

const rowOf = (exchange, open) => {
  const bodyId = `exchange-body-${exchange.id}`
  const row = el('li', { class: 'request', id: `exchange-${exchange.id}` })
  const summary = exchange.kind === 'push' ? pushSummary(exchange) : apiSummary(exchange)
  row.append(
    button(
      {
        class: 'request-row',
        'aria-expanded': 'false',
        'aria-controls': bodyId,
        on: { click: () => open(row, exchange.id) },
      },
      el('time', { datetime: exchange.at }, timeOf(exchange.at)),
      ...summary,
    ),
    el('div', { class: 'request-body', id: bodyId, hidden: true }),
  )
  return row
}

const tones = {
  pending: 'info',
  answered: 'ok',
  acknowledged: 'ok',
  lost: 'warn',
  invalid: 'bad',
  'http-error': 'bad',
  refused: 'bad',
  timeout: 'bad',
}

const tag = (tone, words) => el('span', { class: `tag ${tone}` }, words)

const pushSummary = (exchange) => [
  el('span', { class: 'direction in', title: t('direction.push') }, t('direction.push.short')),
  el(
    'span',
    { class: 'request-name' },
    el('strong', {}, tOr(`msgType.${exchange.msgType}`, exchange.msgType)),
    exchange.about === '' ? undefined : el('span', { class: 'about' }, exchange.about),
    exchange.attempt > 1 ? tag('warn', t('push.attempt', { attempt: exchange.attempt })) : undefined,
    exchange.faults.map((fault) => tag('warn', t(`fault.${fault}`))),
    exchange.problems > 0 && exchange.result === 'answered' ? icon('warning') : undefined,
  ),
  tag(tones[exchange.result], t(`result.${exchange.result}`)),
  el('span', { class: 'took' }, exchange.durationMs === undefined ? '…' : spanOf(exchange.durationMs)),
]

const apiSummary = (exchange) => [
  el('span', { class: 'direction out', title: t('direction.api') }, t('direction.api.short')),
  el(
    'span',
    { class: 'request-name' },
    el('strong', {}, t(`api.${exchange.api}`)),
    exchange.injected ? tag('warn', t('api.injected')) : undefined,
  ),
  exchange.status === 200 && exchange.errcode === 0
    ? tag('ok', t('api.ok'))
    : tag(
        'bad',
        exchange.status === 200
          ? `errcode ${exchange.errcode}`
          : t('api.http', { status: exchange.status || '—' }),
      ),
  el('span', { class: 'took' }, spanOf(exchange.durationMs)),
]
