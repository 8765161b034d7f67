import { useSignal, type Signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Chat } from '../chat.ts'
import type { LeaveForm as LeaveFormView } from '../extras/leave-form.tsx'
import styles from '../panel.css'
import { wordsOf } from '../words.ts'
import { Composer, giveAll } from './composer.tsx'
import { useKeyboardRoom } from './keyboard-room.ts'
import { Log } from './log.tsx'
import { Place } from './place.tsx'

export { styles }

type LeaveView = ComponentType<Parameters<typeof LeaveFormView>[0]>

/** Keeps the focus within the chat where it covers the page. */
const keepFocus = (event: KeyboardEvent, panel: HTMLElement): void => {
  const all = [...panel.querySelectorAll<HTMLElement>('a[href], button, textarea, input, [tabindex="0"]')]
  const reachable = all.filter((one) => !one.matches(':disabled, [hidden]') && one.offsetParent !== null)
  const [first] = reachable
  const last = reachable.at(-1)
  const { activeElement } = panel.getRootNode() as ShadowRoot
  if (activeElement !== (event.shiftKey ? first : last)) return
  event.preventDefault()
  const next = event.shiftKey ? last : first
  next?.focus()
}

const isFullScreen = (): boolean => matchMedia('(max-width: 480px)').matches

/** Undefined: the network is away. */
const loadLeaveForm = (): Promise<LeaveView | undefined> =>
  import('../extras/leave-form.tsx').then(
    ({ LeaveForm }) => LeaveForm,
    () => undefined,
  )

const Head = ({ chat }: { readonly chat: Chat }) => {
  const { settings, locale, line } = chat
  const said = wordsOf(chat)
  return (
    <header class="head">
      <div class="head-words">
        <h2>{settings.value.name[locale.value === 'en' ? 'en' : 'zh']}</h2>
        <p class="status" role="status" data-state={line.value}>
          {said[line.value]}
        </p>
      </div>
      <button class="close" type="button" aria-label={said.close} onClick={chat.close}>
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path d="M5 5l14 14M19 5L5 19" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
        </svg>
      </button>
    </header>
  )
}

/** Esc closes what is on top; keys do not reach the page's own shortcuts. */
const keysOf =
  (chat: Chat, panel: HTMLElement | null, leaveForm: Signal<LeaveView | undefined>) =>
  (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key === 'Escape' && !event.isComposing) {
      if (leaveForm.value === undefined) chat.close()
      else leaveForm.value = undefined
    } else if (event.key === 'Tab' && panel !== null && isFullScreen()) keepFocus(event, panel)
  }

/** The chat: head, log, where one stands, composer. */
export const Panel = ({ chat }: { readonly chat: Chat }) => {
  const { settings, locale, notice } = chat
  const panel = useRef<HTMLDivElement>(null)
  const leaveForm = useSignal<LeaveView | undefined>(undefined)
  useKeyboardRoom(panel)
  useEffect(() => {
    // On a phone the keyboard would cover what there is to read.
    const first = panel.current?.querySelector<HTMLElement>(isFullScreen() ? '.close' : 'textarea')
    // A page in a frame does not take the focus from the page around it, where somebody may be writing.
    if (window.parent === window || document.hasFocus()) first?.focus()
    // Ready before it is asked for, when the network may be gone.
    void loadLeaveForm()
  }, [])
  const leave = (): void => {
    void loadLeaveForm().then((view) => (leaveForm.value = view))
  }
  const Leave = leaveForm.value
  return (
    <div
      ref={panel}
      class="panel"
      role="dialog"
      aria-modal={isFullScreen()}
      aria-label={settings.value.name[locale.value === 'en' ? 'en' : 'zh']}
      onKeyDown={(event) => keysOf(chat, panel.current, leaveForm)(event)}
      onDragOver={(event) => {
        if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault()
      }}
      onDrop={(event) => {
        if (giveAll(chat, event.dataTransfer?.files)) event.preventDefault()
      }}
    >
      <Head chat={chat} />
      <p class="notice" role="status" hidden={notice.value === undefined}>
        {notice.value !== undefined && wordsOf(chat)[notice.value]}
      </p>
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
