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

/** A mail's envelope: subject, who claims to have written it, and all its words one click away. */
export const drawMail = (data) => {
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
  )
}
