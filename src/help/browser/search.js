/* Suggestions below the search field. Without this file the form works as it is. */

const waitMs = 150

/** @param {HTMLInputElement} field */
const watch = (field) => {
  const form = field.form
  const url = field.dataset.suggest
  if (form === null || url === undefined) return
  const list = document.createElement('ul')
  list.className = 'found'
  list.id = `${field.id}-found`
  list.hidden = true
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', field.dataset.label ?? '')
  form.append(list)
  field.setAttribute('role', 'combobox')
  field.setAttribute('aria-autocomplete', 'list')
  field.setAttribute('aria-controls', list.id)
  field.setAttribute('aria-expanded', 'false')

  let at = -1
  let timer = 0
  /** @type {AbortController | undefined} */
  let asking

  const options = () => [...list.children]
  const choose = (place) => {
    at = place
    for (const [index, option] of options().entries()) option.setAttribute('aria-selected', String(index === at))
    const chosen = options()[at]
    if (chosen === undefined) field.removeAttribute('aria-activedescendant')
    else {
      field.setAttribute('aria-activedescendant', chosen.id)
      chosen.scrollIntoView({ block: 'nearest' })
    }
  }
  const close = () => {
    list.hidden = true
    field.setAttribute('aria-expanded', 'false')
    choose(-1)
  }
  const show = (suggestions) => {
    list.replaceChildren(
      ...suggestions.map(({ title, url: address }, index) => {
        const option = document.createElement('li')
        option.id = `${list.id}-${index}`
        option.setAttribute('role', 'option')
        option.textContent = title
        option.dataset.url = address
        return option
      }),
    )
    choose(-1)
    list.hidden = suggestions.length === 0
    field.setAttribute('aria-expanded', String(!list.hidden))
  }
  const ask = async () => {
    asking?.abort()
    const typed = field.value.trim()
    if (typed === '') return close()
    asking = new AbortController()
    try {
      const answer = await fetch(`${url}?q=${encodeURIComponent(typed)}`, { signal: asking.signal })
      if (answer.ok) show((await answer.json()).suggestions)
    } catch {
      // Away, or overtaken by the next letter: the form still works.
    }
  }
  const go = (option) => {
    // Only addresses of ours are followed, whatever was answered.
    const target = new URL(option.dataset.url, location.origin)
    if (target.origin === location.origin) location.assign(target.href)
  }

  field.addEventListener('input', (event) => {
    clearTimeout(timer)
    // While Chinese is being composed, what stands in the field is no question yet.
    if (!event.isComposing) timer = setTimeout(ask, waitMs)
  })
  field.addEventListener('compositionend', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, waitMs)
  })
  field.addEventListener('keydown', (event) => {
    if (event.isComposing || list.hidden) return
    const count = list.children.length
    if (event.key === 'ArrowDown') choose((at + 1) % count)
    else if (event.key === 'ArrowUp') choose(at <= 0 ? count - 1 : at - 1)
    else if (event.key === 'Escape') close()
    else if (event.key === 'Enter' && at >= 0) go(options()[at])
    else return
    event.preventDefault()
  })
  field.addEventListener('blur', close)
  // Before the field loses its focus.
  list.addEventListener('pointerdown', (event) => event.preventDefault())
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]')
    if (option !== null) go(option)
  })
}

for (const field of document.querySelectorAll('input[data-suggest]')) watch(field)
