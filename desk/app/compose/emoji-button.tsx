import { SmileOutlined } from '@ant-design/icons'
import Button from 'antd/es/button'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { lazy, Suspense, useEffect, useRef, useState, type RefObject } from 'react'
import { useWords } from '../words/index.ts'

// Fetched at the first press.
const EmojiPanel = lazy(async () => ({ default: (await import('../emoji/panel.tsx')).EmojiPanel }))

interface EmojiProps {
  readonly field: RefObject<TextAreaRef | null>
  readonly disabled: boolean
  readonly text: string
  readonly write: (text: string) => void
}

/** Puts an emoji where the caret stands in the field; Esc and a press elsewhere close the panel. */
export const EmojiButton = ({ field, disabled, text, write }: EmojiProps) => {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const around = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    if (!isOpen) return undefined
    const leave = ({ target }: PointerEvent): void => {
      if (target instanceof Node && around.current?.contains(target) !== true) setOpen(false)
    }
    document.addEventListener('pointerdown', leave)
    return () => {
      document.removeEventListener('pointerdown', leave)
    }
  }, [isOpen])
  const area = (): HTMLTextAreaElement | undefined => field.current?.resizableTextArea?.textArea
  const close = (): void => {
    setOpen(false)
    field.current?.focus()
  }
  const put = (emoji: string): void => {
    const { selectionStart: start = text.length, selectionEnd: end = text.length } = area() ?? {}
    write(text.slice(0, start) + emoji + text.slice(end))
    setOpen(false)
    const caret = start + emoji.length
    // The caret can stand there once the text does.
    requestAnimationFrame(() => {
      field.current?.focus()
      area()?.setSelectionRange(caret, caret)
    })
  }
  return (
    <span className="emoji-place" ref={around}>
      <Button
        type="text"
        icon={<SmileOutlined />}
        disabled={disabled}
        title={t('compose.emoji')}
        aria-label={t('compose.emoji')}
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        onClick={() => setOpen(!isOpen)}
      />
      <Suspense>{isOpen ? <EmojiPanel choose={put} close={close} /> : null}</Suspense>
    </span>
  )
}
