import { button, el, find, toast } from './dom.js'
import { icon } from './icons.js'
import { countDemo, resetDemo } from './server.js'
import { t } from './words.js'

/** Asks, naming what goes; true when it shall go. */
const confirmed = (contents) =>
  new Promise((resolve) => {
    const dialog = find('ask')
    const answer = (value) => () => dialog.close(value)
    dialog.replaceChildren(
      el('h2', { id: 'ask-title' }, t('reset.title')),
      el('p', {}, t('reset.phones', contents)),
      el('p', {}, t('reset.record', contents)),
      el('p', { class: 'quiet' }, t('reset.stays')),
      el(
        'div',
        { class: 'ask-actions' },
        button({ class: 'button', autofocus: true, on: { click: answer('') } }, t('reset.cancel')),
        button(
          { class: 'button danger', id: 'reset-now', on: { click: answer('go') } },
          icon('trash'),
          t('reset.go'),
        ),
      ),
    )
    dialog.returnValue = ''
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'go'), { once: true })
    dialog.showModal()
  })

/** Clears the demo after a confirmation; `done` redraws what showed it. */
export const reset = async (done) => {
  try {
    if (!(await confirmed(await countDemo()))) return
    const gone = await resetDemo()
    toast(t('reset.done', gone))
    done()
  } catch (error) {
    toast(t('failed', { reason: error.message }))
  }
}
