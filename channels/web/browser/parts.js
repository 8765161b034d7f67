/* global URL, document, setTimeout */

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

/** A size for people: `812 KB`, `3.4 MB`. */
export const sizeOf = (bytes) =>
  bytes < 1_048_576
    ? `${Math.max(1, Math.round(bytes / 1_024))} KB`
    : `${(bytes / 1_048_576).toFixed(1).replace(/\.0$/, '')} MB`

/** Kinds this page shows by itself; whatever else a file is, it is only ever saved. */
const shownTypes = /^(image\/(png|jpeg|gif|webp)|audio\/(mpeg|ogg|wav))$/

const showBlob = (blob, of, label) => {
  const address = URL.createObjectURL(blob)
  const made = element(of === 'image' ? 'img' : 'audio', of)
  made.src = address
  if (of === 'image') made.alt = label
  else made.controls = true
  return made
}

const saveBlob = (blob, name) => {
  const link = element('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Draws files of the thread: pictures at once, the rest when asked for. */
const createMediaDrawing = ({ words, fetchFile }) => {
  const save = async (button, seq, part, name) => {
    button.disabled = true
    const blob = await fetchFile(seq, part)
    button.disabled = false
    if (blob) saveBlob(blob, name)
    else button.textContent = words.not_found
  }
  const saver = (seq, { part, label, bytes, of }) => {
    const name = label ?? words[of]
    const made = button('file', '', () => void save(made, seq, part, name))
    const shown = element('bdi', '', name)
    made.append(shown, ` · ${sizeOf(bytes)} · ${words.download}`)
    return made
  }
  return (piece, seq) => {
    const { of, part, label } = piece
    if (of !== 'image' && of !== 'audio') return bubble(saver(seq, piece))
    const holder = bubble(words.loading)
    void fetchFile(seq, part).then((blob) => {
      const isShown = blob !== undefined && shownTypes.test(blob.type)
      holder.replaceChildren(isShown ? showBlob(blob, of, label ?? words[of]) : saver(seq, piece))
    })
    return holder
  }
}

/**
 * Draws the parts of messages. Remembers the labels of options, so that a choice can be shown by its label later.
 * @param {{ words: Record<string, string>, choose(id: string, label: string): void, fetchFile(seq: number, part: number): Promise<Blob | undefined> }} options
 */
export const createParts = ({ words, choose, fetchFile }) => {
  const drawMedia = createMediaDrawing({ words, fetchFile })
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
    media: (part, _isOurs, seq) => [drawMedia(part, seq)],
    placeholder: ({ of, label }) => [bubble([words[of], label].filter(Boolean).join(' '))],
  }
  return {
    /** The elements of one part; none for a kind this page does not know. */
    draw: (part, isOurs, seq) =>
      Object.hasOwn(drawings, part.kind) ? drawings[part.kind](part, isOurs, seq) : [],
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
