import { useEffect, type RefObject } from 'react'
import type { TextAreaRef } from 'antd/es/input/TextArea'

let wanted = false

/** Whoever goes to another ticket while writing goes on writing there. */
export const keepWriting = (): void => {
  wanted = document.activeElement?.closest('.composer') != null
}

/** Puts the cursor into the field of a ticket that was switched to while writing. */
export const useFieldAfterSwitch = (field: RefObject<TextAreaRef | null>): void => {
  useEffect(() => {
    if (!wanted) return
    wanted = false
    field.current?.focus()
  }, [field])
}
