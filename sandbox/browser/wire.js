import { button, el, reconcile } from './dom.js'
import { icon } from './icons.js'
import { bodyOf, checkOf } from './request-detail.js'
import { spanOf, t, timeOf } from './words.js'

const { document } = globalThis

/** Requests of a simulated provider, latest first; each opens in place. */
export const renderWire = (list, exchanges, tools) =>
  reconcile(list, exchanges, {
    key: (exchange) => exchange.id,
    // An exchange never changes: what is opened stays open.
    signature: () => document.documentElement.lang,
    build: (exchange) => rowOf(exchange, tools),
  })

const rowOf = (exchange, tools) =>
  el(
    'li',
    { class: 'request' },
    el(
      'details',
      { class: 'wire' },
      el(
        'summary',
        { class: 'request-row' },
        el('time', { datetime: exchange.at }, timeOf(exchange.at)),
        el(
          'span',
          {
            class: `direction ${exchange.kind === 'push' ? 'in' : 'out'}`,
            title: t(`wire.${exchange.kind}`),
          },
          t(`direction.${exchange.kind}.short`),
        ),
        el(
          'span',
          { class: 'request-name' },
          el('span', { class: 'about' }, exchange.title),
          exchange.problems.length === 0 ? undefined : icon('warning'),
        ),
        el('span', { class: `tag ${isFine(exchange) ? 'ok' : 'bad'}` }, exchange.status),
        el('span', { class: 'took' }, exchange.durationMs === undefined ? '' : spanOf(exchange.durationMs)),
      ),
      detailOf(exchange, tools),
    ),
  )

const isFine = ({ status }) => /^2\d\d/.test(status) || status === 'ok'

const proofOf = ({ proof }) => {
  if (proof === undefined) return undefined
  const words = t(`proof.${proof.name}`)
  return el(
    'ul',
    { class: 'checks' },
    checkOf(proof.good, proof.good ? words : t('proof.spoilt', { proof: words })),
  )
}

const detailOf = (exchange, { copyText }) =>
  el(
    'div',
    { class: 'request-body detail' },
    proofOf(exchange),
    exchange.problems.length === 0
      ? undefined
      : el(
          'ul',
          { class: 'problems' },
          exchange.problems.map((problem) => el('li', {}, icon('warning'), problem)),
        ),
    exchange.curl === undefined
      ? undefined
      : el(
          'div',
          { class: 'tools' },
          button(
            { class: 'quiet small', on: { click: () => copyText(exchange.curl) } },
            icon('copy'),
            t('copy.curl'),
          ),
        ),
    bodyOf(t(exchange.sent === undefined ? 'body.request' : 'body.plain'), shown(exchange.request), true),
    exchange.sent === undefined ? undefined : bodyOf(t('body.sent'), exchange.sent),
    bodyOf(t('body.response.wire'), shown(exchange.response), true),
  )

const shown = (text) => (text.trim() === '' ? t('wire.empty') : text.trim())
