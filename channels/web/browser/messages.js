/* global Intl, document */

const twoDigits = (number) => String(number).padStart(2, '0')
const dayOf = (date) => `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
const timeOf = (date) => `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`

/** Makes an element. Text only ever enters the page as text. */
const element = (tag, className, text) => {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

const linkTo = (url, label) => {
  const link = element('a', '', label)
  link.href = url
  link.target = '_blank'
  link.rel = 'noopener noreferrer nofollow'
  return link
}

/** Text with its web addresses made clickable. */
const withLinks = (text) =>
  text
    .split(/(https?:\/\/[\w\-.~:/?#[\]@!$&'*+,;=%]+[\w\-~/#=&%])/)
    .map((piece, at) => (at % 2 === 1 ? linkTo(piece, piece) : document.createTextNode(piece)))

/**
 * The visible conversation: stored messages in order of `seq`, the visitor's unconfirmed ones below.
 * @param {{ log: HTMLElement, words: Record<string, string>, language: string, choose(id: string, label: string): void, retry(id: string): void }} options
 */
export const createMessages = ({ log, words, language, choose, retry }) => {
  /** Unconfirmed messages by client id, in order of writing. */
  const pending = new Map()
  /** Shown messages by seq. */
  const shown = new Map()
  const labels = new Map()
  let openChoices = []
  let lastDay = ''
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium', hour12: false })

  const choicesOf = (part) => {
    const group = element('div', 'choices')
    group.setAttribute('role', 'group')
    group.setAttribute('aria-label', part.prompt)
    for (const { id, label } of part.choices) {
      labels.set(id, label)
      const button = element('button', 'chip', label)
      button.type = 'button'
      button.dataset.choice = id
      button.addEventListener('click', () => choose(id, label))
      group.append(button)
    }
    openChoices.push(group)
    return group
  }

  const bubble = (...children) => {
    const made = element('div', 'bubble')
    made.dir = 'auto'
    made.append(...children)
    return made
  }

  /** What one part looks like; several elements for a question. */
  const draw = (part, isOurs) => {
    switch (part.kind) {
      case 'text':
        return [bubble(...(isOurs ? withLinks(part.text) : [document.createTextNode(part.text)]))]
      case 'choices':
        return [
          ...(part.prompt ? [bubble(...withLinks(part.prompt))] : []),
          choicesOf(part),
          ...(part.footer ? [element('p', 'meta', part.footer)] : []),
        ]
      case 'choice':
        return [bubble(document.createTextNode(labels.get(part.id) ?? part.id))]
      case 'link':
        return [
          bubble(
            linkTo(part.url, part.title || part.url),
            ...(part.description ? [element('small', '', part.description)] : []),
          ),
        ]
      default:
        return [bubble(document.createTextNode([words[part.of] ?? '', part.label ?? ''].join(' ').trim()))]
    }
  }

  /** Once the visitor has said something, an older question can no longer be answered by its buttons. */
  const closeChoices = (chosen) => {
    for (const button of openChoices.flatMap((group) => [...group.children])) {
      button.disabled = true
      if (button.dataset.choice === chosen) button.setAttribute('aria-pressed', 'true')
    }
    openChoices = []
  }

  const timeLine = (date, ...more) => {
    const time = element('time', '', timeOf(date))
    time.dateTime = date.toISOString()
    time.title = exact.format(date)
    const line = element('p', 'meta')
    line.append(time, ...more)
    return line
  }

  const add = (made) => {
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120
    const [first] = pending.values()
    log.insertBefore(made, first?.element ?? null)
    if (isAtEnd || made.classList.contains('contact')) log.scrollTop = log.scrollHeight
    return isAtEnd
  }

  const stateOf = (state, reason) => {
    const span = element('span', `state ${state}`, words[state])
    if (state === 'accepted') {
      span.setAttribute('role', 'img')
      span.setAttribute('aria-label', words.acceptedLong)
    }
    if (reason) span.textContent += ` · ${reason}`
    return span
  }

  const showState = (id, state, reason, canRetry = false) => {
    const entry = pending.get(id)
    if (!entry) return
    const line = timeLine(entry.date, stateOf(state, reason))
    if (canRetry) {
      const button = element('button', 'retry', words.retry)
      button.type = 'button'
      button.addEventListener('click', () => retry(id))
      line.append(button)
    }
    entry.element.querySelector('.meta').replaceWith(line)
  }

  /** The visitor's own message has come back from the log: what stood below takes its place in the order. */
  const settle = (id, event) => {
    const entry = pending.get(id)
    pending.delete(id)
    const [first] = pending.values()
    if (first) log.insertBefore(entry.element, first.element)
    entry.element.querySelector('.meta').replaceWith(timeLine(new Date(event.at), stateOf('accepted')))
    shown.set(event.seq, entry.element)
  }

  return {
    /** Shows a stored message; true when the reader sees it at once. */
    event(event) {
      if (shown.has(event.seq)) return true
      const own = [...pending].find(([, entry]) => entry.seq === event.seq)
      if (event.author === 'contact') closeChoices(event.parts.find((part) => part.kind === 'choice')?.id)
      if (own) {
        settle(own[0], event)
        return true
      }
      const date = new Date(event.at)
      if (dayOf(date) !== lastDay) {
        lastDay = dayOf(date)
        add(element('p', 'day', lastDay))
      }
      const made = element('article', `message ${event.author}`)
      const who =
        event.author === 'bot' ? words.bot : event.author === 'agent' ? (event.agentName ?? words.agent) : ''
      if (who) made.append(element('p', 'who', who))
      const isOurs = event.author !== 'contact'
      made.append(...event.parts.flatMap((part) => draw(part, isOurs)))
      made.append(timeLine(date, ...(isOurs ? [] : [stateOf('accepted')])))
      shown.set(event.seq, made)
      return add(made)
    },
    /** Shows what the visitor just wrote, before anybody has confirmed it. */
    say(id, { content, label, at }) {
      closeChoices(content.choice)
      const made = element('article', 'message contact')
      const date = new Date(at)
      made.append(bubble(document.createTextNode(content.text ?? label ?? content.choice)))
      made.append(timeLine(date, stateOf('sending')))
      log.append(made)
      pending.set(id, { element: made, date, seq: undefined })
      log.scrollTop = log.scrollHeight
    },
    /** The server has stored it as number `seq`. */
    accepted(id, seq) {
      const entry = pending.get(id)
      if (!entry) return
      if (shown.has(seq)) {
        entry.element.remove()
        pending.delete(id)
        return
      }
      entry.seq = seq
      showState(id, 'accepted')
    },
    sending: (id) => showState(id, 'sending'),
    failed: (id, reason, canRetry) => showState(id, 'failed', reason, canRetry),
    /** Forgets what was stored; it comes again. What is not confirmed stays. */
    clear() {
      for (const made of [...log.children]) {
        if (![...pending.values()].some((entry) => entry.element === made && entry.seq === undefined))
          made.remove()
      }
      for (const [id, entry] of pending) if (entry.seq !== undefined) pending.delete(id)
      shown.clear()
      openChoices = []
      lastDay = ''
    },
  }
}
