/* global AbortController, URL, clearTimeout, document, fetch, location, setTimeout */
// Suggestions below the search field. Without this file the form works as it is.

const waitMs = 150

/** Follows an address of ours, whatever was answered. */
const go = (address) => {
  const target = new URL(address, location.origin)
  if (target.origin === location.origin) location.assign(target.href)
}

const createBox = (field) => {
  const box = document.createElement('ul')
  box.className = 'found'
  box.id = `${field.id}-found`
  box.hidden = true
  box.setAttribute('role', 'listbox')
  box.setAttribute('aria-label', field.dataset.label ?? '')
  field.form.append(box)
  field.setAttribute('role', 'combobox')
  field.setAttribute('aria-autocomplete', 'list')
  field.setAttribute('aria-controls', box.id)
  field.setAttribute('aria-expanded', 'false')
  return box
}

const createOption = (box, { title, url }, index) => {
  const option = document.createElement('li')
  option.id = `${box.id}-${index}`
  option.setAttribute('role', 'option')
  option.textContent = title
  option.dataset.url = url
  return option
}

/** The list below a field: what is in it, and which of it is chosen. */
const createList = (field) => {
  const box = createBox(field)
  let at = -1
  const choose = (place) => {
    at = place
    for (const [index, option] of [...box.children].entries())
      option.setAttribute('aria-selected', String(index === at))
    const chosen = box.children[at]
    if (chosen === undefined) field.removeAttribute('aria-activedescendant')
    else {
      field.setAttribute('aria-activedescendant', chosen.id)
      chosen.scrollIntoView({ block: 'nearest' })
    }
  }
  const setOpen = (isOpen) => {
    box.hidden = !isOpen
    field.setAttribute('aria-expanded', String(isOpen))
    choose(-1)
  }
  return {
    box,
    isOpen: () => !box.hidden,
    chosen: () => box.children[at],
    close: () => setOpen(false),
    show: (suggestions) => {
      box.replaceChildren(...suggestions.map((one, index) => createOption(box, one, index)))
      setOpen(suggestions.length > 0)
    },
    step: (by) => {
      const count = box.children.length
      // From nowhere, back leads to the last one.
      choose(at < 0 && by < 0 ? count - 1 : (at + by + count) % count)
    },
  }
}

/** Asks for suggestions once nothing was typed for a moment; an answer that was overtaken is dropped. */
const createAsker = (field, list) => {
  let timer
  let asking
  const ask = async () => {
    asking?.abort()
    const typed = field.value.trim()
    if (typed === '') {
      list.close()
      return
    }
    asking = new AbortController()
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`, {
        signal: asking.signal,
      })
      const { suggestions } = answer.ok ? await answer.json() : { suggestions: [] }
      // Whoever has gone on to something else is not called back.
      if (document.activeElement === field) list.show(suggestions)
    } catch {
      // Away, or overtaken by the next letter: the form still works.
    }
  }
  return () => {
    clearTimeout(timer)
    timer = setTimeout(ask, waitMs)
  }
}

/** True: the key was for the list. */
const press = (list, key) => {
  const chosen = list.chosen()
  if (key === 'ArrowDown') list.step(1)
  else if (key === 'ArrowUp') list.step(-1)
  else if (key === 'Escape') list.close()
  else if (key === 'Enter' && chosen !== undefined) go(chosen.dataset.url)
  else return false
  return true
}

const watch = (field) => {
  const list = createList(field)
  const askSoon = createAsker(field, list)
  // While Chinese is being composed, what stands in the field is no question yet.
  field.addEventListener('input', (event) => {
    if (!event.isComposing) askSoon()
  })
  field.addEventListener('compositionend', askSoon)
  field.addEventListener('keydown', (event) => {
    if (!event.isComposing && list.isOpen() && press(list, event.key)) event.preventDefault()
  })
  field.addEventListener('blur', list.close)
  // Before the field loses its focus.
  list.box.addEventListener('pointerdown', (event) => event.preventDefault())
  list.box.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]')
    if (option !== null) go(option.dataset.url)
  })
}

for (const field of document.querySelectorAll('input[data-suggest]')) watch(field)
