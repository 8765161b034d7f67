/* global document, Node */

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

/** The element with this id. */
export const byId = (id) => document.getElementById(id)
