import { v1 } from './api.js'
import { announce, el, strange } from './dom.js'
import { show } from './dialogs.js'
import { t } from './words.js'

/** What the server leaves of a telephone, a card, a mail address, a passport. */
const traces =
  /[\d零〇一二三四五六七八九幺两]{3}\*{4,}|(?<![\d*])\*{4}\d{4}|-\*{4}\d{4}|\*{3}@|[A-Za-z]\*{5,9}\d{2}/

/** True when something masked stands in what is shown. */
export const isMasked = (value) => traces.test(JSON.stringify(value))

/** Asks what it is needed for; resolves to the words, or undefined when the agent thinks better of it. */
const askReason = async () => {
  const field = el('textarea', { rows: 2, maxlength: 500, 'aria-label': t('reveal.reason'), required: true })
  const body = el('div', { class: 'stack' }, el('p', { text: t('reveal.hint') }), field)
  const pressed = await show(t('reveal.title'), body, [
    { value: 'cancel', text: t('cancel') },
    { value: 'go', text: t('reveal'), primary: true },
  ])
  if (pressed !== 'go') return undefined
  const reason = field.value.trim()
  if (reason.length >= 2) return reason
  announce(t('reveal.missing'), 'bad')
  return undefined
}

/** A button that shows in full what is masked. `path`: `/messages/<id>`; `draw` gets the answer and the button. */
export const revealButton = (path, draw) =>
  el('button', {
    type: 'button',
    class: 'small reveal',
    text: t('reveal'),
    on: {
      click: async ({ currentTarget: button }) => {
        const reason = await askReason()
        if (reason === undefined) return
        try {
          await draw(await v1.post(`${path}/reveal`, { reason }), button)
        } catch (error) {
          announce(error.facts?.detail ?? error.message, 'bad')
        }
      },
    },
  })

/** Shows names and values in a dialog. */
export const showPlain = (title, pairs) =>
  show(
    title,
    el(
      'dl',
      {},
      pairs.map(([name, value]) => [
        el('dt', {}, strange('bdi', name)),
        el('dd', {}, strange('span', value, 'words')),
      ]),
    ),
    [{ value: 'close', text: t('close'), primary: true }],
  )
