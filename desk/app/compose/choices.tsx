import { useEffect, useImperativeHandle, useState, type ReactNode, type RefObject } from 'react'
import { choicesId, type HearKey } from './use-trigger.ts'

const optionId = (at: number): string => `${choicesId}-${at}`
const maxShown = 50

interface ChoicesProps<Item> {
  readonly label: string
  readonly hint: string
  readonly items: readonly Item[]
  readonly idOf: (item: Item) => string
  readonly render: (item: Item) => ReactNode
  /** What is said when there is none. */
  readonly nothing: string
  readonly keys: RefObject<HearKey | null>
  readonly choose: (item: Item) => void
  readonly leave: () => void
  /** Hears which option a reader is told of. */
  readonly tellActive: (id: string | undefined) => void
}

/** A list over the field, which keeps the focus: arrows choose, Enter takes, Esc leaves. */
export const Choices = <Item,>(props: ChoicesProps<Item>) => {
  const { label, hint, idOf, render, nothing, keys, choose, leave, tellActive } = props
  const items = props.items.slice(0, maxShown)
  const [wanted, setAt] = useState(0)
  const at = Math.min(wanted, Math.max(0, items.length - 1))
  const active = items[at]
  const go = (step: number): void => {
    setAt((at + step + items.length) % items.length)
  }
  useImperativeHandle(keys, () => (key) => {
    if (key === 'Escape') {
      leave()
      return true
    }
    if (active === undefined) return false
    if (key === 'Enter' || key === 'Tab') choose(active)
    else if (key === 'ArrowDown') go(1)
    else if (key === 'ArrowUp') go(-1)
    else return false
    return true
  })
  const activeId = active === undefined ? undefined : optionId(at)
  useEffect(() => {
    tellActive(activeId)
    if (activeId !== undefined) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' })
    return () => {
      tellActive(undefined)
    }
  }, [activeId, tellActive])
  return (
    <div className="choices">
      {items.length === 0 ? (
        <p className="quiet" role="status">
          {nothing}
        </p>
      ) : (
        <ul id={choicesId} role="listbox" aria-label={label}>
          {items.map((item, place) => (
            <li
              key={idOf(item)}
              id={optionId(place)}
              role="option"
              aria-selected={place === at}
              onMouseDown={(event) => {
                // The field keeps the focus.
                event.preventDefault()
              }}
              onClick={() => {
                choose(item)
              }}
            >
              {render(item)}
            </li>
          ))}
        </ul>
      )}
      <p className="quiet choices-hint" aria-hidden="true">
        {hint}
      </p>
    </div>
  )
}
