import { el, strange } from './dom.js'
import { has, t } from './words.js'

const quiet = (...children) => el('span', { class: 'quiet small' }, ...children)

const warnings = ({ class: kind, sender, participant, tokenValid }) =>
  [
    kind === 'customer' ? undefined : `mail.class.${kind}`,
    `mail.sender.${sender}`,
    participant === false ? 'mail.stranger' : undefined,
    tokenValid === false ? 'mail.forged' : undefined,
  ].filter((key) => key !== undefined && has(key))

const pageOf = (messageId, pictures) =>
  `/api/desk/messages/${messageId}/original${pictures ? '?pictures=1' : ''}`

/** The mail as its sender laid it out, in a frame where nothing runs; fetched once it is asked for. */
const drawOriginal = ({ remotePictures }, messageId) => {
  const frame = el('iframe', {
    class: 'original',
    sandbox: 'allow-popups allow-popups-to-escape-sandbox',
    referrerpolicy: 'no-referrer',
    title: t('mail.original'),
  })
  const pictures = el('button', {
    type: 'button',
    class: 'small',
    text: t('mail.pictures', { n: remotePictures }),
    title: t('mail.pictures.hint'),
    on: {
      click: () => {
        frame.setAttribute('src', pageOf(messageId, true))
        pictures.remove()
      },
    },
  })
  return el(
    'details',
    {
      class: 'original',
      on: {
        toggle: (event) => {
          if (event.currentTarget.open && !frame.hasAttribute('src'))
            frame.setAttribute('src', pageOf(messageId, false))
        },
      },
    },
    el('summary', { text: t('mail.original') }),
    remotePictures > 0 ? pictures : undefined,
    frame,
  )
}

/** A mail's envelope: subject, who claims to have written it, all its words and its own looks one click away. */
export const drawMail = (data, original, messageId) => {
  const { subject, from, fullText } = data
  return el(
    'span',
    { class: 'stack' },
    quiet(
      `${t('mail.subject')}: `,
      subject ? strange('bdi', String(subject)) : el('span', { text: t('mail.no-subject') }),
    ),
    quiet(
      strange('bdi', String(from ?? '')),
      warnings(data).map((key) => el('span', { text: ` · ${t(key)}` })),
    ),
    fullText === undefined
      ? undefined
      : el(
          'details',
          {},
          el('summary', { text: t('mail.full') }),
          el('div', {}, strange('span', String(fullText), 'words')),
        ),
    original === undefined ? undefined : drawOriginal(original, messageId),
  )
}
