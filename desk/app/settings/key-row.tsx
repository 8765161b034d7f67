import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useState, type KeyboardEvent } from 'react'
import { ShownKeys } from '../keys/shown-keys.tsx'
import { chordOf, isComposing, showKeys } from '../shell/chords.ts'
import { keysOf, usualKeys, type Bindings, type Command } from '../shell/commands.ts'
import { useWords } from '../words/settings.ts'
import { faultOfKeys, mayGoOn, type KeyFault } from './fault-of-keys.ts'

interface KeyRowProps {
  readonly command: Command
  readonly bindings: Bindings
  /** Undefined: the usual ones. */
  readonly set: (keys: string | undefined) => void
}

/** Hears the keys that a command is to have; what cannot be is refused, and listening goes on. */
const useListening = ({ command, bindings, set }: KeyRowProps) => {
  const [heard, setHeard] = useState<string>()
  const [fault, setFault] = useState<KeyFault & { readonly keys: string }>()
  const end = (): void => {
    setHeard(undefined)
    setFault(undefined)
  }
  const take = (keys: string): void => {
    const found = faultOfKeys(command, keys, bindings)
    if (found !== undefined) {
      setFault({ ...found, keys })
      setHeard('')
      return
    }
    set(keys === usualKeys[command] ? undefined : keys)
    end()
  }
  const hear = (event: KeyboardEvent): void => {
    if (heard === undefined || isComposing(event.nativeEvent)) return
    const chord = chordOf(event)
    // Whoever wants to go on with Tab must be able to.
    if (chord === undefined || /^(?:Shift\+)?Tab$/.test(chord)) return
    event.preventDefault()
    event.stopPropagation()
    const keys = heard === '' ? chord : `${heard} ${chord}`
    if (chord === 'Escape') end()
    else if (chord === 'Backspace') take('')
    else if (heard === '' && mayGoOn(chord, command, bindings)) setHeard(chord)
    else take(keys)
  }
  return { heard, fault, hear, begin: () => setHeard(''), end }
}

/** One command with its key, and the way to another key. */
export const KeyRow = (props: KeyRowProps) => {
  const { command, bindings, set } = props
  const t = useWords()
  const { heard, fault, hear, begin, end } = useListening(props)
  const name = t(`do.${command}`)
  const faultText = (): string => {
    if (fault === undefined) return ''
    const keys = showKeys(fault.keys)
    if (fault.kind === 'reserved') return t('settings.reserved', { keys })
    const by = t(`do.${fault.by}`)
    return fault.kind === 'taken'
      ? t('settings.taken', { keys, name: by })
      : t('settings.begins', { keys, name: by, other: showKeys(fault.other) })
  }
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <ShownKeys keys={keysOf(command, bindings)} />
      </td>
      <td>
        <div className="actions">
          <Button
            size="small"
            type={heard === undefined ? 'default' : 'primary'}
            aria-label={t('settings.change.of', { name })}
            onClick={() => {
              if (heard === undefined) begin()
            }}
            onKeyDown={hear}
            onBlur={end}
          >
            {t('settings.change')}
          </Button>
          {bindings[command] === undefined ? null : (
            <Button size="small" aria-label={t('settings.usual.of', { name })} onClick={() => set(undefined)}>
              {t('settings.usual')}
            </Button>
          )}
        </div>
        <div role="status">
          {heard === undefined
            ? null
            : heard === ''
              ? t('settings.press')
              : t('settings.press.then', { keys: showKeys(heard) })}
        </div>
        {fault === undefined ? null : <Alert type="error" role="alert" title={faultText()} />}
      </td>
    </tr>
  )
}
