import { button, el } from './dom.js'
import { icon } from './icons.js'
import { listNumbers, richText } from './rich-text.js'
import { mediaUrl } from './server.js'
import { t, tOr } from './words.js'

/** One line of the chat. `tools`: send, actions, user, account, isLast. */
export const bubbleOf = (line, tools) => {
  const { content, source } = line
  if (content.kind === 'event') return eventLine(line, tools)
  if (source === 'platform') return noticeLine(line, tools)
  const own = source === 'user'
  return el(
    'div',
    { class: `line ${own ? 'own' : 'theirs'}` },
    own
      ? el('span', { class: 'face', 'aria-hidden': 'true' }, tools.user.name.slice(0, 1))
      : el('span', { class: 'face account', 'aria-hidden': 'true' }, icon('chat')),
    el(
      'div',
      { class: 'said' },
      el('span', { class: 'offscreen' }, own ? tools.user.name : tools.account.name),
      el('div', { class: `bubble ${content.kind}` }, shownContent(content, tools)),
      quickReplies(line, tools),
      metaOf(line, tools),
    ),
  )
}

const eventLine = (line, tools) => {
  const label = tOr(`event.${line.content.event}`, line.content.event)
  const detail = line.content.label === undefined ? label : `${label} · ${line.content.label}`
  const look = () => tools.actions.showStep(line.id)
  const odd = line.state === 'failed' || line.state === 'held'
  return el(
    'div',
    { class: 'happening' },
    button({ class: 'meta', title: t('meta.look'), on: { click: look } }, detail),
    odd ? metaOf(line, tools) : undefined,
  )
}

const noticeLine = (line, tools) =>
  el(
    'div',
    { class: 'happening trouble' },
    el('span', {}, line.content.text),
    line.exchangeId === undefined
      ? undefined
      : button({ class: 'meta', on: { click: () => tools.actions.showExchange(line.exchangeId) } }, t('why')),
  )

/** How a line travelled; a click opens the request behind it. */
const metaOf = (line, { actions }) => {
  const words = metaWords(line)
  if (words === undefined) return undefined
  const look = () =>
    line.source === 'user' ? actions.showStep(line.id) : actions.showExchange(line.exchangeId)
  return button(
    { class: `meta ${line.state ?? line.source}`, title: t('meta.look'), on: { click: look } },
    words,
  )
}

const metaWords = (line) => {
  if (line.source === 'user') return t(`state.${line.state}`)
  if (line.source === 'passive') return t('via.passive')
  if (line.source === 'api') return t('via.api', { left: line.quotaLeft })
  return undefined
}

/** Numbers to tap under the latest answer, when it is a numbered list. */
const quickReplies = (line, { isLast, send }) => {
  const numbers = isLast && line.content.kind === 'text' ? listNumbers(line.content.text) : []
  if (numbers.length === 0) return undefined
  return el(
    'div',
    { class: 'numbers' },
    el('span', {}, t('numbers')),
    numbers.map((number) =>
      button(
        {
          'aria-label': t('numbers.send', { number }),
          on: { click: () => send({ kind: 'text', text: number }) },
        },
        number,
      ),
    ),
  )
}

const shownContent = (content, tools) => {
  const show = shown[content.kind]
  return show === undefined
    ? [el('em', {}, t('content.other', { type: content.type ?? content.kind }))]
    : show(content, tools)
}

const choose = (tools) => (choice) => tools.send({ kind: 'menu-choice', ...choice })

const card = (name, title, detail) => [
  icon(name),
  el(
    'div',
    { class: 'card-words' },
    el('strong', {}, title),
    detail === '' ? undefined : el('small', {}, detail),
  ),
]

const shown = {
  text: (content, tools) => richText(content.text, choose(tools)),
  image: (content) => [
    el(
      'a',
      { href: mediaUrl(content.mediaId), target: '_blank', rel: 'noopener' },
      el('img', { src: mediaUrl(content.mediaId), alt: t('content.image') }),
    ),
  ],
  voice: (content) => [
    el('span', { class: 'wave', 'aria-hidden': 'true' }, icon('voice')),
    el(
      'span',
      {},
      content.durationMs === undefined ? t('content.voice') : `${Math.round(content.durationMs / 1000)}″`,
    ),
    content.recognition === undefined
      ? undefined
      : el('small', { class: 'recognition' }, t('content.recognised', { text: content.recognition })),
  ],
  video: (content) => card('video', content.title || t('content.video'), content.description ?? ''),
  music: (content) => card('voice', content.title || t('content.music'), content.description),
  news: (content) => content.articles.map((article) => articleOf(article)),
  menu: (content, tools) => [
    content.head === '' ? undefined : el('p', {}, ...richText(content.head, choose(tools))),
    el(
      'div',
      { class: 'entries' },
      content.entries.map((entry) =>
        button({ class: 'text-link', on: { click: () => choose(tools)(entry) } }, entry.label),
      ),
    ),
    content.tail === '' ? undefined : el('p', {}, ...richText(content.tail, choose(tools))),
  ],
  location: (content) => card('location', content.label, `${content.latitude}, ${content.longitude}`),
  link: (content) => card('link', content.title, content.description || content.url),
  file: (content) => card('file', content.name, `${Math.ceil(content.bytes / 1024)} KB`),
  card: (content) => card('layers', content.title, tOr(`card.${content.card}`, content.card)),
}

const articleOf = (article) => {
  const words = el(
    'span',
    { class: 'card-words' },
    el('strong', {}, article.title),
    article.description === '' ? undefined : el('small', {}, article.description),
  )
  return /^https?:\/\//.test(article.url)
    ? el(
        'a',
        { class: 'article', href: article.url, target: '_blank', rel: 'noopener noreferrer' },
        words,
        icon('open'),
      )
    : el('span', { class: 'article' }, words)
}
