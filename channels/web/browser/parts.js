/* global document */

/** Makes an element. Text only ever enters the page as text. */
export const element = (tag, className, text) => {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

/** A button that does nothing but call. */
export const button = (className, text, onClick) => {
  const made = element('button', className, text)
  made.type = 'button'
  made.addEventListener('click', onClick)
  return made
}

/** A bubble around text or elements; each paragraph finds its own direction. */
export const bubble = (...children) => {
  const made = element('div', 'bubble')
  made.dir = 'auto'
  made.append(...children)
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
    .split(/(https?:\/\/[\w\-.~:/?#[\]@!$&'*+,;=%]*[\w\-~/#=&%])/)
    .map((piece, at) => (at % 2 === 1 ? linkTo(piece, piece) : piece))

/**
 * Draws the parts of messages. Remembers the labels of options, so that a choice can be shown by its label later.
 * @param {{ words: Record<string, string>, choose(id: string, label: string): void }} options
 */
export const createParts = ({ words, choose }) => {
  const labels = new Map()
  let openGroups = []

  const optionsOf = ({ prompt, choices }) => {
    const group = element('div', 'choices')
    group.setAttribute('role', 'group')
    group.setAttribute('aria-label', prompt)
    for (const { id, label } of choices) {
      labels.set(id, label)
      const option = button('chip', label, () => choose(id, label))
      option.dataset.choice = id
      group.append(option)
    }
    openGroups.push(group)
    return group
  }
  const drawings = {
    text: ({ text }, isOurs) => [bubble(...(isOurs ? withLinks(text) : [text]))],
    choices: (part) => [
      ...(part.prompt ? [bubble(...withLinks(part.prompt))] : []),
      optionsOf(part),
      ...(part.footer ? [element('p', 'meta', part.footer)] : []),
    ],
    choice: ({ id }) => [bubble(labels.get(id) ?? id)],
    link: ({ url, title, description }) => [
      bubble(linkTo(url, title || url), ...(description ? [element('small', '', description)] : [])),
    ],
    placeholder: ({ of, label }) => [bubble([words[of], label].filter(Boolean).join(' '))],
  }
  return {
    /** The elements of one part; none for a kind this page does not know. */
    draw: (part, isOurs) => (Object.hasOwn(drawings, part.kind) ? drawings[part.kind](part, isOurs) : []),
    /** Once the visitor has said something, older questions can no longer be answered by their buttons. */
    closeQuestions(chosen) {
      for (const option of openGroups.flatMap((group) => [...group.children])) {
        option.disabled = true
        if (option.dataset.choice === chosen) option.setAttribute('aria-pressed', 'true')
      }
      openGroups = []
    },
  }
}
