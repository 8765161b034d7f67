import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Chat } from '../chat.ts'
import { launcherWords } from '../launcher-words.ts'

/** What the panel's own script gives: the view, and how it looks. */
export interface PanelModule {
  readonly Panel: ComponentType<{ readonly chat: Chat }>
  readonly styles: string
}

export interface WidgetProps {
  readonly chat: Chat
  /** Loads the panel; it is asked for again when it failed. */
  readonly loadPanel: () => Promise<PanelModule['Panel']>
}

/** The button that opens the chat, and the chat. */
export const Widget = ({ chat, loadPanel }: WidgetProps) => {
  const { isOpen, unread, locale } = chat
  const button = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(false)
  const panel = useSignal<PanelModule['Panel'] | undefined>(undefined)
  const hasFailed = useSignal(false)
  const words = launcherWords[locale.value]
  useEffect(() => {
    // Focus goes back to where the chat was opened from.
    if (wasOpen.current && !isOpen.value) button.current?.focus()
    wasOpen.current = isOpen.value
    if (!isOpen.value || panel.value !== undefined) return
    hasFailed.value = false
    loadPanel().then(
      (Panel) => (panel.value = Panel),
      () => {
        hasFailed.value = true
        chat.close()
      },
    )
  }, [isOpen.value])
  const count = unread.value
  const Panel = panel.value
  const isShown = isOpen.value && Panel !== undefined
  return (
    <>
      <button
        ref={button}
        class="launcher"
        type="button"
        hidden={isShown}
        aria-label={count === 0 ? words.open : `${words.open}, ${words.unread(count)}`}
        aria-haspopup="dialog"
        aria-busy={isOpen.value && !isShown}
        onClick={chat.open}
      >
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
          <path d="M7 8h18v12.5H16L10.5 26v-5.5H7z" fill="currentColor" />
        </svg>
        {count > 0 && (
          <span class="badge" aria-hidden="true">
            {count > 99 ? '99+' : count}
          </span>
        )}
      </button>
      {hasFailed.value && (
        <p class="hint" role="alert">
          {words.failed}
        </p>
      )}
      {isShown && <Panel chat={chat} />}
    </>
  )
}
