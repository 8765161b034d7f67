import { button, el, reconcile } from './dom.js'
import { hourOf, t, timeOf } from './words.js'

const { document } = globalThis
const base = document.documentElement.dataset.base

/** Everything the user sees on the provider, oldest first. */
export const renderLines = (list, lines, { channel, act, mayEdit }) => {
  reconcile(list, lines.length > 0 ? lines : [{ id: 'welcome', from: 'nobody' }], {
    key: (line) => line.id,
    signature: (line) => JSON.stringify([line, document.documentElement.lang]),
    build: (line) =>
      line.from === 'nobody'
        ? el('div', { class: 'client-welcome' }, t('client.welcome', { channel: t(`channel.${channel}`) }))
        : lineOf(line, { channel, act, mayEdit, lines }),
  })
}

const lineOf = (line, context) =>
  el(
    'div',
    { class: `client-line ${line.from}`, data: { state: line.state } },
    el(
      'div',
      { class: 'client-bubble' },
      line.subject === undefined ? undefined : el('strong', { class: 'client-subject' }, line.subject),
      quoteOf(line, context),
      line.text === undefined ? undefined : el('p', { dir: 'auto' }, line.text),
      line.picturePath === undefined
        ? undefined
        : el('img', {
            src: `${base}/providers/${context.channel}${line.picturePath}`,
            alt: t('tray.picture'),
          }),
      line.fileName === undefined ? undefined : el('p', { class: 'client-file', dir: 'auto' }, line.fileName),
      line.choices === undefined ? undefined : choicesOf(line, context),
    ),
    el(
      'div',
      { class: 'client-meta' },
      el('time', { datetime: line.at, title: timeOf(line.at) }, hourOf(line.at)),
      line.note === undefined ? undefined : el('span', {}, line.note),
      line.state === undefined || line.state === 'delivered'
        ? undefined
        : el('span', {}, t(`line.${line.state}`)),
      context.mayEdit && line.from === 'user' && line.text !== undefined ? editOf(line, context) : undefined,
    ),
  )

const quoted = 60

/** What the line answers, in its words. A mail's address to answer to is nobody's line. */
const quoteOf = ({ replyTo }, { lines }) => {
  const answered = lines.find(({ id }) => id === replyTo)
  const words = answered?.subject ?? answered?.text ?? answered?.fileName
  if (words === undefined) return undefined
  const short = words.length > quoted ? `${words.slice(0, quoted)}…` : words
  return el('q', { class: 'client-quote', dir: 'auto' }, short)
}

const choicesOf = (line, { act }) =>
  el(
    'div',
    { class: 'client-choices' },
    line.choices.map(({ id, label }) =>
      button(
        { class: 'quiet small', on: { click: () => act({ kind: 'choice', lineId: line.id, choiceId: id }) } },
        label,
      ),
    ),
  )

const editOf = (line, { act }) =>
  button(
    {
      class: 'quiet small',
      on: {
        click: () => {
          const text = globalThis.prompt(t('client.edit'), line.text)?.trim()
          if (text !== undefined && text !== '' && text !== line.text)
            act({ kind: 'edit', lineId: line.id, text })
        },
      },
    },
    t('client.edit'),
  )
