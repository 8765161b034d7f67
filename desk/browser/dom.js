/* global document, Node, setTimeout, clearTimeout */

/**
 * Makes an element. Keys of `facts`: `class`, `text`, `on` (listeners by event), `data`, anything else an attribute;
 * undefined and false leave it out. Children may stand in lists, of lists too. Text only ever becomes text.
 */
export const el = (tag, facts = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === false || value === null) continue
    if (name === 'class') element.className = value
    else if (name === 'text') element.textContent = value
    else if (name === 'on')
      for (const [event, hear] of Object.entries(value)) element.addEventListener(event, hear)
    else if (name === 'data') Object.assign(element.dataset, value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue
    element.append(child instanceof Node ? child : document.createTextNode(String(child)))
  }
  return element
}

/**
 * Makes `box` show one element per item, in order. `describe` gives an item's key, its looks (anything JSON can say)
 * and how to draw it. An element stays as long as its looks stay: a redraw takes away neither a click that is under
 * way, nor the focus, nor what is unfolded.
 */
export const showEach = (box, items, describe) => {
  const before = new Map([...box.children].map((element) => [element.dataset.key, element]))
  items.forEach((item, place) => {
    const { key, looks, draw } = describe(item)
    const known = before.get(key)
    before.delete(key)
    const signature = JSON.stringify([document.documentElement.lang, looks])
    const element = known?.dataset.looks === signature ? known : draw()
    Object.assign(element.dataset, { key, looks: signature })
    if (known !== undefined && known !== element) known.replaceWith(element)
    if (box.children[place] !== element) box.insertBefore(element, box.children[place] ?? null)
  })
  for (const element of before.values()) element.remove()
}

/** The element with this id. */
export const byId = (id) => document.getElementById(id)

/** Text of a stranger: its direction and its tricks stay inside it. */
export const strange = (tag, text, className) => el(tag, { class: className, dir: 'auto', text })

/** Says something once, for eyes and screen readers; with `content` beside it, e.g. a button. */
export const announce = (text, kind = 'info', { content, forMs = 5_000 } = {}) => {
  const notice = byId('notice')
  notice.replaceChildren(el('span', { class: `notice ${kind}` }, text, content))
  clearTimeout(announce.timer)
  announce.timer = setTimeout(() => notice.replaceChildren(), forMs)
}
