import { button, el, toast } from './dom.js'
import { icon } from './icons.js'
import { replay } from './server.js'
import { spanOf, t } from './words.js'

/** Everything about one exchange: checks, complaints, bodies before and after encryption. */
export const detailOf = (exchange, tools) =>
  exchange.kind === 'push' ? pushDetail(exchange, tools) : apiDetail(exchange, tools)

/** A line that says whether something is as it should be. */
export const checkOf = (good, words) =>
  el('li', { class: good ? 'good' : 'wrong' }, icon(good ? 'check' : 'close'), el('span', {}, words))

const pushDetail = (exchange, tools) => {
  const spoilt = exchange.faults.includes('bad-signature')
  return el(
    'div',
    { class: 'detail' },
    el(
      'ul',
      { class: 'checks' },
      checkOf(
        !spoilt,
        t(spoilt ? 'check.signature.spoilt' : exchange.encrypted ? 'check.signature.aes' : 'check.signature'),
      ),
      checkOf(exchange.encrypted, t(exchange.encrypted ? 'check.encrypted' : 'check.plain')),
      ...answerChecks(exchange),
    ),
    exchange.problems.length === 0
      ? undefined
      : el(
          'ul',
          { class: 'problems' },
          exchange.problems.map((problem) => el('li', {}, icon('warning'), problem)),
        ),
    el(
      'div',
      { class: 'tools' },
      button(
        { class: 'quiet small', on: { click: () => replayOf(exchange, tools) } },
        icon('replay'),
        t('replay'),
      ),
      button(
        { class: 'quiet small', on: { click: () => tools.copyText(exchange.curl) } },
        icon('copy'),
        t('copy.curl'),
      ),
    ),
    bodyOf(t('body.plain'), exchange.plainBody, true),
    exchange.encrypted ? bodyOf(t('body.sent'), exchange.sentBody) : undefined,
    exchange.responseBody === undefined
      ? undefined
      : bodyOf(
          t('body.response', { status: exchange.status }),
          exchange.responseBody,
          exchange.responsePlain === undefined,
        ),
    exchange.responsePlain === undefined || exchange.responsePlain === exchange.responseBody
      ? undefined
      : bodyOf(t('body.opened'), exchange.responsePlain, true),
    bodyOf(t('body.headers'), headersOf(exchange)),
  )
}

const answerChecks = (exchange) => {
  const checks = []
  if (exchange.status !== undefined) {
    const words = t('check.status', { status: exchange.status, time: spanOf(exchange.durationMs) })
    checks.push(checkOf(exchange.status === 200, words))
  }
  if (exchange.reply?.encrypted === true) checks.push(checkOf(true, t('check.opened')))
  if (exchange.comparison !== undefined) {
    const { sameBytes, samePlaintext, firstExchangeId } = exchange.comparison
    const key = sameBytes ? 'check.sameBytes' : samePlaintext ? 'check.sameContent' : 'check.differs'
    checks.push(checkOf(samePlaintext, t(key, { id: firstExchangeId })))
  }
  return checks
}

const replayOf = async (exchange, tools) => {
  try {
    const { id, result, status } = await replay(exchange.id)
    toast(t('replay.done', { result: t(`result.${result}`), status: status ?? '—' }))
    await tools.refresh()
    tools.show(id)
  } catch (error) {
    tools.fail(error)
  }
}

const apiDetail = (exchange, tools) =>
  el(
    'div',
    { class: 'detail' },
    el('p', { class: 'path' }, el('code', {}, `${exchange.method} ${exchange.path}`)),
    el(
      'div',
      { class: 'tools' },
      button(
        { class: 'quiet small', on: { click: () => tools.copyText(exchange.curl) } },
        icon('copy'),
        t('copy.curl'),
      ),
    ),
    exchange.requestBody === '' ? undefined : bodyOf(t('body.request'), exchange.requestBody, true),
    bodyOf(t('body.response', { status: exchange.status || '—' }), exchange.responseBody, true),
  )

/** A text of a request, folded away unless `open`. */
export const bodyOf = (title, text, open = false) =>
  el(
    'details',
    { class: 'body', open },
    el('summary', {}, title),
    el('pre', { tabindex: '0' }, el('code', {}, pretty(text))),
  )

const headersOf = (exchange) => {
  const lines = (headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const request = [`POST ${exchange.url}`, ...lines(exchange.headers)]
  return exchange.responseHeaders === undefined
    ? request.join('\n')
    : [...request, '', `HTTP ${exchange.status}`, ...lines(exchange.responseHeaders)].join('\n')
}

/** Indents XML and JSON for reading; anything else stays as it is. */
const pretty = (text) => {
  if (text.startsWith('{') || text.startsWith('[')) {
    try {
      return JSON.stringify(JSON.parse(text), undefined, 2)
    } catch {
      return text
    }
  }
  return text.startsWith('<xml>') ? prettyXml(text) : text
}

const prettyXml = (text) => {
  let depth = 0
  const tokens = text.match(/<!\[CDATA\[[\s\S]*?\]\]>|<\/?[^>]+>|[^<]+/g) ?? []
  let shown = ''
  tokens.forEach((token, index) => {
    const opens = /^<[^/!]/.test(token)
    const closes = token.startsWith('</')
    if (closes) depth -= 1
    const before = tokens[index - 1] ?? ''
    const afterText = closes && !before.startsWith('</')
    const breaks = (opens && index > 0) || (closes && !afterText)
    shown += `${breaks ? `\n${'  '.repeat(depth)}` : ''}${token}`
    if (opens) depth += 1
  })
  return shown
}
