import { icon } from './icons.js'

const { document, clearTimeout } = globalThis

/**
 * Builds an element. `props`: `class`, `text`, `on` (listeners), `data` (dataset); anything else is an
 * attribute, left out when undefined or null, or (except aria) false. Strings are only ever text: nothing here makes markup of them.
 */
export const el = (tag, props = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue
    if (name.startsWith('aria-')) element.setAttribute(name, String(value))
    else if (value === false) continue
    else if (name === 'class') element.className = value
    else if (name === 'text') element.textContent = value
    else if (name === 'on')
      for (const [event, listen] of Object.entries(value)) element.addEventListener(event, listen)
    else if (name === 'data') Object.assign(element.dataset, value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(
    ...children.flat().filter((child) => child !== undefined && child !== null && child !== false),
  )
  return element
}

/** A button that is never a submit button. */
export const button = (props, ...children) => el('button', { type: 'button', ...props }, ...children)

export const find = (id) => document.getElementById(id)

const focusable = 'button, a, summary, input, [tabindex]'

/** What had the focus was built anew: its successor takes it, so that a keyboard goes on where it was. */
const focusIn = (node) => {
  const target = node.matches(focusable) ? node : node.querySelector(focusable)
  target?.focus({ preventScroll: true })
}

/**
 * Makes `container` hold one node per item, in order. A node is kept while its signature stays the same, so that
 * focus, selection and opened details survive a refresh.
 */
export const reconcile = (container, items, { key, signature, build }) => {
  const known = new Map([...container.children].map((node) => [node.dataset.key, node]))
  let previous = null
  for (const item of items) {
    const itemKey = String(key(item))
    const wanted = signature(item)
    let node = known.get(itemKey)
    if (node === undefined || node.dataset.signature !== wanted) {
      const fresh = build(item, node)
      const hadFocus = node?.contains(document.activeElement) === true
      fresh.dataset.key = itemKey
      fresh.dataset.signature = wanted
      node?.replaceWith(fresh)
      if (hadFocus) focusIn(fresh)
      node = fresh
    }
    known.delete(itemKey)
    const place = previous === null ? container.firstElementChild : previous.nextElementSibling
    if (place !== node) container.insertBefore(node, place)
    previous = node
  }
  for (const node of known.values()) node.remove()
}

/** Fills an empty list's place with a picture and what to do first. */
export const emptyOf = (element, words, picture) => {
  if (element.dataset.words === words) return
  element.dataset.words = words
  element.replaceChildren(icon(picture), el('span', {}, words))
}

/** Reads a stored choice; undefined when storage is blocked or empty. */
export const remembered = (name) => {
  try {
    return globalThis.localStorage.getItem(`tongda.sandbox.${name}`) ?? undefined
  } catch {
    return undefined
  }
}

export const remember = (name, value) => {
  try {
    globalThis.localStorage.setItem(`tongda.sandbox.${name}`, value)
  } catch {
    // A choice that cannot be kept is still a choice for now.
  }
}

let toastTimer
/** Says something for four seconds, to eyes and screen readers. */
export const toast = (message) => {
  const box = find('toast')
  box.textContent = message
  box.dataset.shown = ''
  clearTimeout(toastTimer)
  toastTimer = globalThis.setTimeout(() => delete box.dataset.shown, 4_000)
}

/** Copies a text; true when it worked. */
export const copy = async (text) => {
  try {
    await globalThis.navigator.clipboard.writeText(text)
    return true
  } catch {
    // Pages opened by plain http from another machine have no clipboard API.
    const area = el('textarea', { class: 'offscreen', readonly: true })
    area.value = text
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}
