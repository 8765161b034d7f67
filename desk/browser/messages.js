import { el, strange } from './dom.js'
import { duration, exactTime, percent, shortTime } from './format.js'
import { icon } from './icons.js'
import { drawMail } from './mail.js'
import { reasonText } from './reasons.js'
import { isMasked, revealButton } from './reveal.js'
import { has, t } from './words.js'

const mediaUrl = (media) => (media?.mediaId === undefined ? undefined : `/api/desk/media/${media.mediaId}`)

const missing = (kind, media) =>
  el('span', { class: 'quiet', text: `${t(`part.${kind}`)}: ${t('part.missing')} ${media?.failure ?? ''}` })

const fileLink = (kind, media, ...label) => {
  const href = mediaUrl(media)
  if (href === undefined) return missing(kind, media)
  return el('a', { href, target: '_blank', rel: 'noopener', class: 'file' }, label)
}

/** What the server shows as a picture; a broken one it keeps as a file. */
const isPicture = ({ contentType }) => contentType === undefined || contentType.startsWith('image/')

const image = ({ media, alt }) => {
  const src = mediaUrl(media)
  if (src === undefined) return el('span', { class: 'quiet', text: t('part.image.missing') })
  if (!isPicture(media)) return fileLink('image', media, icon('clip'), strange('bdi', alt ?? t('part.image')))
  return el(
    'a',
    { href: src, target: '_blank', rel: 'noopener', class: 'picture' },
    el('img', { src, alt: alt ?? t('part.image'), loading: 'lazy', decoding: 'async' }),
  )
}

const audio = ({ media, highQuality, durationMs, transcript }) =>
  el(
    'span',
    { class: 'stack' },
    fileLink(
      'audio',
      highQuality?.mediaId === undefined ? media : highQuality,
      icon('play'),
      `${t('part.audio')}${durationMs === undefined ? '' : ` ${duration(durationMs)}`}`,
    ),
    transcript === undefined
      ? undefined
      : el(
          'span',
          { class: 'transcript' },
          el('span', { class: 'quiet', text: `${t('part.transcript', { source: transcript.source })}: ` }),
          strange('bdi', transcript.text),
        ),
  )

const link = ({ url, title, description }) => {
  const safe = /^https?:\/\//i.test(url)
  return el(
    'span',
    { class: 'stack' },
    safe
      ? el('a', { href: url, target: '_blank', rel: 'noopener noreferrer', dir: 'auto' }, title ?? url)
      : strange('span', title ?? url),
    description === undefined ? undefined : strange('span', description, 'quiet'),
    title === undefined ? undefined : strange('span', url, 'quiet small'),
  )
}

const choices = ({ prompt, choices: options, footer }) =>
  el(
    'span',
    { class: 'stack' },
    strange('span', prompt),
    el(
      'ol',
      { class: 'choices' },
      options.map((option) => el('li', {}, strange('bdi', option.label))),
    ),
    footer === undefined ? undefined : strange('span', footer),
  )

const unsupported = ({ type, raw }) =>
  el(
    'details',
    {},
    el('summary', { text: `${t('part.unsupported')}: ${type}` }),
    el('pre', { dir: 'ltr', text: JSON.stringify(raw, undefined, 2).slice(0, 4_000) }),
  )

const draw = {
  text: ({ text }) => strange('span', text, 'words'),
  image,
  audio,
  video: ({ media }) => fileLink('video', media, icon('play'), t('part.video')),
  file: ({ media, name }) => fileLink('file', media, icon('clip'), strange('bdi', name)),
  location: ({ latitude, longitude, label }) =>
    el('span', {}, icon('pin'), strange('bdi', `${label ?? t('part.location')} (${latitude}, ${longitude})`)),
  link,
  sticker: ({ name, media }) =>
    media?.mediaId === undefined ? strange('span', `[${name}]`) : image({ media, alt: name }),
  choices,
  event: ({ name, value, data, original }, messageId) =>
    name === 'mail' && data !== undefined
      ? drawMail(data, original, messageId)
      : el(
          'span',
          { class: 'quiet' },
          has(`event.${name}`) ? t(`event.${name}`) : name,
          value === undefined ? undefined : strange('bdi', ` · ${value}`),
        ),
  unsupported,
}

const drawPart = (part, messageId) =>
  (draw[part.kind] ?? (() => el('span', { class: 'quiet', text: part.kind })))(part, messageId)

const pair = (key, ...value) => [el('dt', { text: t(key) }), el('dd', {}, ...value)]

const candidates = (list) =>
  el(
    'ol',
    { class: 'candidates' },
    list.map((one) =>
      el(
        'li',
        {},
        el('span', { class: 'score', text: percent(one.score) }),
        strange('bdi', one.question),
        el('span', { class: 'quiet small', text: ` ${one.articleId}` }),
      ),
    ),
  )

const understood = ({
  intent,
  topic,
  confidence,
  text,
  emotion,
  urgency,
  candidates: list,
  knowledgeVersion,
}) => [
  ...pair('decision.understood', strange('bdi', text)),
  ...pair('decision.intent', intent),
  ...pair('decision.topic', topic),
  ...pair('decision.confidence', percent(confidence)),
  ...(list.length === 0 ? [] : pair('decision.candidates', candidates(list))),
  ...pair('decision.emotion', t(`emotion.${emotion}`)),
  ...pair('decision.urgency', t(`urgency.${urgency}`)),
  ...pair('decision.version', knowledgeVersion),
]

/** What the bot decided about a message, and why; `opened` remembers what is unfolded. */
const drawDecision = (message, opened) => {
  const { kind, rule, reasons, thresholds, articleId, classification, thinkingMs } = message.decision
  const short =
    classification === undefined
      ? rule
      : `${classification.intent} · ${classification.topic} · ${percent(classification.confidence)}`
  const limits = Object.entries(thresholds).map(([name, value]) => `${name} ${value}`)
  return el(
    'details',
    {
      class: 'decision',
      open: opened.has(message.id),
      on: {
        toggle: (event) => {
          if (event.currentTarget.open) opened.add(message.id)
          else opened.delete(message.id)
        },
      },
    },
    el('summary', {}, icon('bot'), `${t(`decision.${kind}`)} `, el('span', { class: 'quiet', text: short })),
    el(
      'dl',
      {},
      pair('decision.rule', rule),
      reasons.length === 0
        ? undefined
        : pair(
            'decision.reasons',
            el(
              'ul',
              {},
              reasons.map((reason) => el('li', { text: reasonText(reason) })),
            ),
          ),
      articleId === undefined ? undefined : pair('decision.article', articleId),
      classification === undefined ? undefined : understood(classification),
      limits.length === 0 ? undefined : pair('decision.thresholds', limits.join(', ')),
      pair('decision.ms', `${Math.round(thinkingMs)} ms`),
    ),
  )
}

const icons = {
  queued: 'dots',
  waiting: 'wait',
  sending: 'dots',
  sent: 'tick',
  failed: 'cross',
  expired: 'cross',
  withdrawn: 'cross',
}

const drawDelivery = ({ id, delivery }, { mayReply, retry }) => {
  const { status, error, attempts, repeated } = delivery
  const failed = status === 'failed' || status === 'waiting' || status === 'expired'
  const reason =
    error === undefined
      ? undefined
      : has(`failure.${error.code}`)
        ? t(`failure.${error.code}`)
        : error.message
  const facts = [
    reason,
    error?.providerCode === undefined ? undefined : t('delivery.code', { code: error.providerCode }),
    failed && attempts > 1 ? t('delivery.attempts', { n: attempts }) : undefined,
    repeated ? t('delivery.repeated') : undefined,
  ].filter((fact) => fact !== undefined)
  return el(
    'div',
    { class: `delivery ${failed ? 'bad' : ''}`, data: { status } },
    icon(icons[status] ?? 'dots'),
    `${t(`delivery.${status}`)}${status === 'sent' || facts.length === 0 ? '' : ` · ${facts.join(' · ')}`}`,
    status === 'sent' && repeated
      ? el('span', { class: 'quiet', text: ` · ${t('delivery.repeated')}` })
      : undefined,
    mayReply && (status === 'failed' || status === 'waiting')
      ? el('button', { type: 'button', class: 'small', text: t('retry'), on: { click: () => retry(id) } })
      : undefined,
  )
}

const authorOf = (message, contactName) => {
  if (message.author === 'contact') return contactName || t('author.contact')
  if (message.author === 'agent') return message.agentName ?? t('author.agent')
  return t(`author.${message.author}`)
}

const drawParts = ({ id, parts }) => parts.map((part) => el('div', { class: 'part' }, drawPart(part, id)))

/** What a message says in full takes the place of what was masked, until the page draws it anew. */
const showParts = (message, button) => {
  const bubble = button.closest('.bubble')
  for (const part of bubble.querySelectorAll(':scope > .part')) part.remove()
  button.replaceWith(...drawParts(message))
}

/** One message with what belongs to it. `context`: `{ contactName, opened, mayReply, mayReveal, retry }`. */
export const drawMessage = (message, context) => {
  const note = message.direction === 'note'
  return el(
    'li',
    {
      class: `message ${message.direction} by-${message.author}`,
      data: { message: message.id, delivery: message.delivery?.status ?? '' },
    },
    el(
      'div',
      { class: 'bubble' },
      el(
        'div',
        { class: 'meta' },
        note ? el('strong', { title: t('note.hint') }, icon('note'), t('note')) : undefined,
        strange('bdi', authorOf(message, context.contactName), 'author'),
        el('time', {
          datetime: message.createdAt,
          title: exactTime(message.createdAt),
          text: shortTime(message.createdAt),
        }),
      ),
      drawParts(message),
      context.mayReveal && isMasked(message.parts)
        ? revealButton(`/messages/${message.id}`, showParts)
        : undefined,
    ),
    message.delivery === undefined ? undefined : drawDelivery(message, context),
    message.decision === undefined ? undefined : drawDecision(message, context.opened),
  )
}
