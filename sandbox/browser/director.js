import { button, el, find, toast } from './dom.js'
import { icon } from './icons.js'
import { putForward, startPlay, stopPlay } from './server.js'
import { dayOf, hourOf, t } from './words.js'

const hourMs = 3_600_000
const jumps = [
  ['clock.hour', hourMs],
  ['clock.hours', 6 * hourMs],
  ['clock.day', 24 * hourMs],
  ['clock.days', 3 * 24 * hourMs],
]

const attempt = async (work) => {
  try {
    await work()
  } catch (error) {
    toast(t('failed', { reason: error.message }))
  }
}

const show = (title, about, choices) => {
  const dialog = find('ask')
  dialog.replaceChildren(
    el('h2', { id: 'ask-title' }, title),
    el('p', {}, about),
    el('div', { class: 'ask-choices' }, ...choices),
    el(
      'div',
      { class: 'ask-actions' },
      button({ class: 'button', on: { click: () => dialog.close() } }, t('close')),
    ),
  )
  dialog.showModal()
}

const choice = (name, about, work) =>
  button(
    {
      class: 'ask-choice',
      on: {
        click: () => {
          find('ask').close()
          void attempt(work)
        },
      },
    },
    el('strong', {}, name),
    about === undefined ? undefined : el('span', { class: 'quiet' }, about),
  )

/** Offers the stories that can be played. */
export const offerPlays = ({ plays }) =>
  show(
    t('plays.title'),
    t('plays.about'),
    plays.map((name) => choice(t(`play.${name}`), t(`play.${name}.about`), () => startPlay(name))),
  )

const momentOf = (iso) => `${dayOf(iso)} ${hourOf(iso)}`

/** Offers to put the clock forward. */
export const offerJumps = ({ now }) =>
  show(
    t('clock.title'),
    t('clock.about', { now: momentOf(now) }),
    jumps.map(([words, ms]) => choice(t(words), undefined, () => putForward(ms))),
  )

/** What is to be told of a state: a play that is on, a clock that is ahead. */
export const stagingOf = ({ playing, aheadMs, now }) => [
  ...(playing === undefined ? [] : [{ kind: 'playing', values: [playing.name, playing.step, playing.of] }]),
  // To the minute: the bar is not built anew with every look.
  ...(aheadMs === 0 ? [] : [{ kind: 'ahead', values: [momentOf(now)] }]),
]

/** How it is told. */
export const stagingNotices = {
  playing: ([name, step, of]) =>
    el(
      'div',
      { class: 'notice info' },
      icon('play'),
      el('span', { class: 'grow' }, t('playing', { play: t(`play.${name}`), step, of })),
      button({ class: 'quiet small', on: { click: () => attempt(stopPlay) } }, t('playing.stop')),
    ),
  ahead: ([moment]) =>
    el(
      'div',
      { class: 'notice warn' },
      icon('clock'),
      el('span', { class: 'grow' }, t('clock.ahead', { moment })),
    ),
}

/** The words of the buttons that open it all. */
export const renderDirector = () => {
  find('plays').replaceChildren(icon('play'), el('span', {}, t('plays')))
  find('plays').title = t('plays')
  find('clock').replaceChildren(icon('clock'), el('span', {}, t('clock')))
  find('clock').title = t('clock')
}
