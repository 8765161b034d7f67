/* global setInterval */
import { get, isInUse, post } from './api.js'
import { announce, byId, el } from './dom.js'
import { currentLanguage, t } from './words.js'

const beatMs = 30_000
const availabilities = ['online', 'busy', 'away', 'offline']

/**
 * Whether the agent is there: a choice in the bar once teams exist, and the page's sign of life. `explain` puts an
 * error into words.
 */
export const createPresence = ({ explain }) => {
  let there = { teams: [], agents: [] }
  /** What was chosen on this page: taken up again after a broken connection, while somebody is at it. */
  let chosen

  const draw = () => {
    const box = byId('presence')
    box.hidden = there.teams.length === 0
    const now = there.me?.availability ?? 'offline'
    // An open list must not close under the pointer: drawn anew only when it says something else.
    const looks = `${currentLanguage()} ${now}`
    if (box.dataset.looks === looks) return
    Object.assign(box.dataset, { looks, state: now })
    box.title = t('presence.hint')
    box.setAttribute('aria-label', t('presence'))
    box.replaceChildren(
      ...availabilities.map((name) =>
        el('option', { value: name, selected: name === now, text: t(`presence.${name}`) }),
      ),
    )
    box.value = now
  }

  const look = async () => {
    there = await get('/presence')
    draw()
    return there
  }

  const choose = async (availability) => {
    try {
      await post('/presence', { availability })
      chosen = availability
      there.me = { availability, automatic: false }
    } catch (error) {
      announce(explain(error), 'bad')
    }
    draw()
  }

  const tellOfSilence = ({ availability, automatic }, before) => {
    if (!automatic || availability === before) return
    announce(t(availability === 'away' ? 'presence.away.idle' : 'presence.offline.silent'), 'bad', {
      forMs: 60_000,
    })
  }

  const beat = async () => {
    const { me } = await post('/presence/beat', { active: isInUse() })
    if (me === undefined) return
    const before = there.me?.availability
    if (me.automatic && me.availability === 'offline' && chosen === 'online' && isInUse())
      return choose('online')
    there.me = me
    tellOfSilence(me, before)
    return draw()
  }

  byId('presence').addEventListener('change', (event) => void choose(event.target.value))
  // A hint missed is made up for by the next one.
  setInterval(() => void beat().catch(() => undefined), beatMs)
  return { draw, look }
}
