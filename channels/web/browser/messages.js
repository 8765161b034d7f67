/* global ResizeObserver, requestAnimationFrame */
import { bubble, button, createParts, element } from './parts.js'

const nearEnd = 120
const twoDigits = (number) => String(number).padStart(2, '0')
const dayOf = (date) => `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
const timeOf = (date) => `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`

/** The line under a message: its time, and for the visitor's own what became of it. */
const createLines = ({ words, language }) => {
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium', hour12: false })
  const time = (date) => {
    const made = element('time', '', timeOf(date))
    made.dateTime = date.toISOString()
    made.title = exact.format(date)
    return made
  }
  const stateOf = (state, reason) => {
    const made = element('span', `state ${state}`, [words[state], reason].filter(Boolean).join(' · '))
    if (state !== 'accepted') return made
    made.setAttribute('role', 'img')
    made.setAttribute('aria-label', words.acceptedLong)
    return made
  }
  return {
    line(date, { state, reason, onRetry } = {}) {
      const made = element('p', 'meta')
      made.append(time(date))
      if (state) made.append(stateOf(state, reason))
      if (onRetry) made.append(button('retry', words.retry, onRetry))
      return made
    },
  }
}

/** The scrolling log; it follows the newest message until the reader scrolls up. */
const createLog = (log) => {
  let follows = true
  let isDue = false
  const follow = () => {
    if (!follows || isDue) return
    isDue = true
    requestAnimationFrame(() => {
      isDue = false
      log.scrollTop = log.scrollHeight
    })
  }
  log.addEventListener('scroll', () => {
    follows = log.scrollHeight - log.scrollTop - log.clientHeight < nearEnd
  })
  // The keyboard, a longer draft or the typing line take room from the log.
  new ResizeObserver(follow).observe(log)
  return {
    follow,
    /** Adds before `anchor`; true: the reader sees it. */
    insert(made, anchor) {
      log.insertBefore(made, anchor)
      follow()
      return follows
    },
    append(made) {
      follows = true
      log.append(made)
      follow()
    },
  }
}

/** The visitor's messages that are not yet in the log, in order of writing. */
const createPending = ({ line, retry, follow }) => {
  const entries = new Map()
  const setLine = ({ made, date }, what) => {
    made.lastElementChild.replaceWith(line(date, what))
    follow()
  }
  return {
    first: () => entries.values().next().value?.made ?? null,
    add(id, made, date) {
      entries.set(id, { made, date, seq: undefined })
    },
    /** Changes the line under a message; false: there is none. */
    show(id, what) {
      const entry = entries.get(id)
      if (entry) setLine(entry, { ...what, onRetry: what.canRetry ? () => retry(id) : undefined })
      return entry !== undefined
    },
    number(id, seq) {
      entries.get(id).seq = seq
    },
    /** Takes out the message that the server stored as `seq`. */
    take(seq) {
      for (const [id, entry] of entries) {
        if (entry.seq !== seq) continue
        entries.delete(id)
        return entry.made
      }
      return undefined
    },
    /** Takes out what was stored; the rest stays. */
    keepUnstored() {
      for (const [id, { seq }] of entries) if (seq !== undefined) entries.delete(id)
      return [...entries.values()].map(({ made }) => made)
    },
  }
}

/** Shows the conversation. `choose` and `retry` are called for the buttons in it. */
export const createMessages = ({ log, words, language, choose, retry, fetchFile }) => {
  const parts = createParts({ words, choose, fetchFile })
  const { line } = createLines({ words, language })
  const place = createLog(log)
  const pending = createPending({ line, retry, follow: place.follow })
  /** Numbers of the stored messages on the page. */
  const shown = new Set()
  let lastDay = ''

  const draw = (event, date) => {
    const isOurs = event.author !== 'contact'
    const names = { bot: words.bot, agent: event.agentName ?? words.agent }
    const made = element('article', `message ${event.author}`)
    if (names[event.author]) made.append(element('p', 'who', names[event.author]))
    made.append(...event.parts.flatMap((part) => parts.draw(part, isOurs, event.seq)))
    made.append(line(date, isOurs ? {} : { state: 'accepted' }))
    return made
  }
  const add = (event) => {
    const date = new Date(event.at)
    if (dayOf(date) !== lastDay) place.insert(element('p', 'day', dayOf(date)), pending.first())
    lastDay = dayOf(date)
    return place.insert(draw(event, date), pending.first())
  }
  return {
    /** Shows a stored message; true when the reader sees it at once. */
    event(event) {
      if (shown.has(event.seq)) return true
      shown.add(event.seq)
      if (event.author === 'contact')
        parts.closeQuestions(event.parts.find(({ kind }) => kind === 'choice')?.id)
      const own = pending.take(event.seq)
      if (!own) return add(event)
      // A file's name gives way to what it shows.
      const file = event.parts.find(({ kind }) => kind === 'media')
      if (file) own.querySelector('.bubble').replaceWith(...parts.draw(file, false, event.seq))
      // The visitor's own message has come back from the log: it takes its place in the order.
      if (pending.first()) log.insertBefore(own, pending.first())
      return true
    },
    /** Shows what the visitor just wrote, before anybody has confirmed it. */
    say(id, { content, label, at }) {
      parts.closeQuestions(content.choice)
      const date = new Date(at)
      const made = element('article', 'message contact')
      made.append(
        bubble(content.text ?? content.name ?? label ?? content.choice),
        line(date, { state: 'sending' }),
      )
      pending.add(id, made, date)
      place.append(made)
    },
    /** The server has stored it as number `seq`. */
    accepted(id, seq) {
      if (!pending.show(id, { state: 'accepted' })) return
      pending.number(id, seq)
      if (shown.has(seq)) pending.take(seq).remove()
    },
    /** `reason`: how far a file is under way, in words. */
    sending: (id, reason) => pending.show(id, { state: 'sending', reason }),
    failed: (id, reason, canRetry) => pending.show(id, { state: 'failed', reason, canRetry }),
    /** Forgets what was stored; it comes again. What is not confirmed stays. */
    clear() {
      log.replaceChildren(...pending.keepUnstored())
      shown.clear()
      lastDay = ''
    },
  }
}
