import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Chat } from '../chat.ts'
import { wordsOf } from '../words.ts'
import type { LeaveForm as LeaveFormView } from '../extras/leave-form.tsx'
import { Composer } from './composer.tsx'
import { useKeyboardRoom } from './keyboard-room.ts'
import { Log } from './log.tsx'
import { Place } from './place.tsx'
import styles from '../panel.css'

export { styles }

type LeaveView = ComponentType<Parameters<typeof LeaveFormView>[0]>

/** Keeps the focus within the chat where it covers the page. */
const keepFocus = (event: KeyboardEvent, panel: HTMLElement): void => {
  const all = [...panel.querySelectorAll<HTMLElement>('a[href], button, textarea, input, [tabindex="0"]')]
  const reachable = all.filter((one) => !one.matches(':disabled, [hidden]') && one.offsetParent !== null)
  const [first] = reachable
  const last = reachable.at(-1)
  const { activeElement } = panel.getRootNode() as ShadowRoot
  if (event.shiftKey ? activeElement === first : activeElement === last) {
    event.preventDefault()
    ;(event.shiftKey ? last : first)?.focus()
  }
}

const isFullScreen = (): boolean => matchMedia('(max-width: 480px)').matches

/** The chat: head, log, where one stands, composer. */
export const Panel = ({ chat }: { readonly chat: Chat }) => {
  const { settings, state, locale, notice } = chat
  const said = wordsOf(chat)
  const panel = useRef<HTMLDivElement>(null)
  const leaveForm = useSignal<LeaveView | undefined>(undefined)
  useKeyboardRoom(panel)
  useEffect(() => {
    // On a phone the keyboard would cover what there is to read.
    const target = isFullScreen() ? '.close' : 'textarea'
    panel.current?.querySelector<HTMLElement>(target)?.focus()
  }, [])
  const onKeyDown = (event: KeyboardEvent): void => {
    // The page's own shortcuts are not meant by what is typed here.
    event.stopPropagation()
    if (event.key === 'Escape' && !event.isComposing) {
      if (leaveForm.value === undefined) chat.close()
      else leaveForm.value = undefined
    } else if (event.key === 'Tab' && panel.current !== null && isFullScreen()) keepFocus(event, panel.current)
  }
  const leave = (): void =>
    void import('../extras/leave-form.tsx').then(({ LeaveForm }) => (leaveForm.value = LeaveForm))
  const Leave = leaveForm.value
  const name = settings.value.name[locale.value === 'en' ? 'en' : 'zh']
  return (
    <div
      ref={panel}
      class="panel"
      role="dialog"
      aria-modal={isFullScreen()}
      aria-label={name}
      onKeyDown={onKeyDown}
    >
      <header class="head">
        <div class="head-words">
          <h2>{name}</h2>
          <p class="status" role="status" data-state={state.value}>
            {said[state.value]}
          </p>
        </div>
        <button class="close" type="button" aria-label={said.close} onClick={chat.close}>
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <path d="M5 5l14 14M19 5L5 19" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
          </svg>
        </button>
      </header>
      {notice.value !== undefined && (
        <p class="notice" role="status">
          {notice.value === 'session-over' ? said.sessionOver : said.identityEnded}
        </p>
      )}
      <Log chat={chat} />
      {Leave === undefined ? (
        <>
          <Place chat={chat} leave={leave} />
          <Composer chat={chat} />
        </>
      ) : (
        <Leave chat={chat} done={() => (leaveForm.value = undefined)} />
      )}
    </div>
  )
}
