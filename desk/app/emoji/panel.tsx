import Input from 'antd/es/input'
import { useRef, useState, type KeyboardEvent } from 'react'
import { isComposing } from '../shell/keys.ts'
import { useWords } from '../words/emoji.ts'
import { useLanguage } from '../words/index.ts'
import { allEmoji, emojiGroups, type Emoji } from './emoji.ts'
import { recentEmoji, rememberEmoji } from './recent.ts'

interface PanelProps {
  /** Takes one; the panel stays with its caller. */
  readonly choose: (emoji: string) => void
  readonly close: () => void
}

interface Shown {
  readonly name: 'recent' | 'found' | Emoji['group']
  readonly members: readonly Emoji[]
}

/** In either language, whichever the page is in. */
const shownFor = (typed: string): readonly Shown[] => {
  const words = typed.trim().toLowerCase()
  const groups =
    words === ''
      ? [
          {
            name: 'recent' as const,
            members: recentEmoji().flatMap((one) => allEmoji.find(({ emoji }) => emoji === one) ?? []),
          },
          ...emojiGroups.map((name) => ({ name, members: allEmoji.filter(({ group }) => group === name) })),
        ]
      : [
          {
            name: 'found' as const,
            members: allEmoji.filter(
              ({ emoji, zh, en }) => zh.includes(words) || en.includes(words) || emoji === words,
            ),
          },
        ]
  return groups.filter(({ members }) => members.length > 0)
}

/** How far an arrow goes among buttons that stand in rows of several. */
const stepOf = (key: string, buttons: readonly HTMLElement[]): number => {
  const perRow = Math.max(1, buttons.filter(({ offsetTop }) => offsetTop === buttons[0]?.offsetTop).length)
  return { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow }[key] ?? 0
}

/** A short list of emoji: arrows move, Enter takes, Esc leaves. Nothing is fetched from outside. */
export const EmojiPanel = ({ choose, close }: PanelProps) => {
  const t = useWords()
  const language = useLanguage((state) => state.language)
  const [typed, setTyped] = useState('')
  const list = useRef<HTMLDivElement>(null)
  // As it was when the panel opened: what is taken moves nothing under the hand.
  const [atFirst] = useState(() => shownFor(''))
  const shown = typed.trim() === '' ? atFirst : shownFor(typed)
  const take = (emoji: string): void => {
    rememberEmoji(emoji)
    choose(emoji)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    if (event.key === 'Escape') {
      event.preventDefault()
      close()
      return
    }
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = buttons.findIndex((button) => button === document.activeElement)
    const isInField = at < 0
    // In the field Enter takes the first that was found, and never sends.
    if (isInField && event.key === 'Enter') {
      event.preventDefault()
      buttons[0]?.click()
    }
    const step = isInField && event.key !== 'ArrowDown' ? 0 : stepOf(event.key, buttons)
    if (step === 0) return
    event.preventDefault()
    buttons[isInField ? 0 : Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus()
  }
  return (
    <div className="emoji-panel" role="dialog" aria-label={t('emoji.panel')} onKeyDown={onKeyDown}>
      <Input
        autoFocus
        size="small"
        value={typed}
        aria-label={t('emoji.find')}
        placeholder={t('emoji.find')}
        onChange={({ target }) => setTyped(target.value)}
      />
      <div className="emoji-list" ref={list}>
        {shown.length === 0 ? <p role="status">{t('emoji.none')}</p> : null}
        {shown.map(({ name, members }) => (
          <div key={name} role="group" aria-label={t(`emoji.${name}`)}>
            <p className="quiet" aria-hidden="true">
              {t(`emoji.${name}`)}
            </p>
            {members.map((one) => (
              <button
                key={one.emoji}
                type="button"
                className="emoji"
                title={one[language]}
                aria-label={one[language]}
                onClick={() => take(one.emoji)}
              >
                {one.emoji}
              </button>
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}
