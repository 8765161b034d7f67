import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input, Segmented } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useRef, useState, type KeyboardEvent } from 'react'
import { desk, type TicketDetail } from '../api/desk.ts'
import { lookAgain } from '../api/queries.ts'
import { explain } from '../shell/explain.ts'
import { isComposing, useKeys } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
import { useUndo } from '../ticket/undo.tsx'
import { useNews } from '../ticket/use-act.ts'
import { useWords } from '../words/index.ts'
import { Counter, maxLength } from './counter.tsx'
import { readDraft, writeDraft, type Draft, type Mode } from './drafts.ts'
import { useTyping } from './use-typing.ts'

const isSendable = ({ text, files }: Draft): boolean =>
  (text.trim() !== '' || files.length > 0) && text.length <= maxLength

/** What stands in the field; every change is written down at once, and stays until the server has it. */
const useDraft = (ticketId: string, mode: Mode) => {
  const { agent } = useSession()
  const place = { agentId: agent.id, ticketId, mode }
  const [drafts, setDrafts] = useState<Partial<Record<Mode, Draft>>>({})
  const draft = drafts[mode] ?? readDraft(place)
  const keep = (changed: Pick<Draft, 'text' | 'files'>): void => {
    setDrafts({ ...drafts, [mode]: writeDraft(place, changed) })
  }
  return { draft, keep }
}

const useSend = ({ ticket }: TicketDetail, mode: Mode, draft: Draft, sent: () => void) => {
  const t = useWords()
  const take = useNews()
  const undo = useUndo()
  return useMutation({
    mutationFn: () => {
      const { text, files, key } = draft
      if (mode === 'note') return desk.note(ticket.id, { text }, key)
      const attachments = files.length === 0 ? {} : { attachments: files }
      return desk.reply(ticket.id, { version: ticket.version, text, ...attachments }, key)
    },
    onSuccess: (changed) => {
      sent()
      take(changed)
      undo.offer(changed, t(`done.${mode}`))
    },
    onError: () => {
      lookAgain(ticket.id)
    },
  })
}

/** The field for replies and notes. Ctrl or ⌘ with Enter sends; Enter alone never does. */
export const Composer = ({ detail }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const { ticket, textLimits } = detail
  const [mode, setMode] = useState<Mode>('reply')
  const field = useRef<TextAreaRef>(null)
  const { draft, keep } = useDraft(ticket.id, mode)
  const tellTyping = useTyping(ticket.id)
  const send = useSend(detail, mode, draft, () => {
    keep({ text: '', files: [] })
    tellTyping(false)
  })
  const submit = (): void => {
    if (!send.isPending && isSendable(draft)) send.mutate()
  }
  const choose = (next: Mode): void => {
    if (send.isPending) return
    setMode(next)
    send.reset()
    field.current?.focus()
  }
  useKeys({
    r: () => {
      choose('reply')
    },
    n: () => {
      choose('note')
    },
  })
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      submit()
    }
    if (event.key === 'Escape') field.current?.blur()
  }
  return (
    <form
      className="composer"
      data-mode={mode}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Segmented<Mode>
        className="composer-mode"
        size="small"
        value={mode}
        onChange={choose}
        options={[
          { value: 'reply', label: t('compose.reply') },
          { value: 'note', label: t('compose.note') },
        ]}
      />
      <Input.TextArea
        ref={field}
        value={draft.text}
        readOnly={send.isPending}
        className="composer-field"
        rows={3}
        placeholder={t(`compose.${mode}.placeholder`)}
        aria-label={t(`compose.${mode}`)}
        onChange={({ target }) => {
          keep({ text: target.value, files: draft.files })
          tellTyping(mode === 'reply' && target.value.trim() !== '')
        }}
        onKeyDown={onKeyDown}
      />
      {send.error === null ? null : (
        <Alert type="error" role="alert" title={`${t('compose.kept')} ${explain(send.error, t)}`} />
      )}
      <div className="composer-foot">
        <Counter text={draft.text} limits={mode === 'reply' ? textLimits : undefined} />
        <Button
          htmlType="submit"
          type={mode === 'note' ? 'default' : 'primary'}
          loading={send.isPending}
          disabled={!isSendable(draft)}
          title={t('compose.hint')}
        >
          {mode === 'note' ? t('compose.add') : t('compose.send')}
        </Button>
      </div>
    </form>
  )
}
