import { PaperClipOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { lazy, Suspense, useRef, useState, type ClipboardEvent, type DragEvent } from 'react'
import { desk, type TicketChanged, type TicketDetail } from '../api/desk.ts'
import { useTellViewing } from '../api/viewing.ts'
import { ApiError } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useKeys } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
import { useUndo } from '../ticket/undo.tsx'
import { useNews } from '../ticket/use-act.ts'
import { Declined, useAsking } from '../ticket/use-asking.tsx'
import { useWords, type WordKey } from '../words/index.ts'
import { Attachments } from './attachments.tsx'
import { Counter, maxLength } from './counter.tsx'
import {
  changeDraft,
  useDraft,
  useOther,
  type AttachedFile,
  type Draft,
  type DraftPlace,
  type Mode,
} from './drafts.ts'
import { EmojiButton } from './emoji-button.tsx'
import { Field } from './field.tsx'
import { keepForLater, replyOf } from './outbox.ts'
import { SendButton } from './send-button.tsx'
import { useFieldAfterSwitch } from './field-after-switch.ts'
import { useTyping } from './use-typing.ts'
import { maxFiles, useUploads } from './use-uploads.ts'

// Two browsers seldom write one reply.
const OtherDraft = lazy(async () => ({ default: (await import('./later.ts')).OtherDraft }))
const DraftHelp = lazy(async () => ({ default: (await import('../assist/index.ts')).DraftHelp }))

const isSendable = ({ text, files }: Draft): boolean =>
  (text.trim() !== '' || files.length > 0) && text.length <= maxLength

interface Sending {
  readonly detail: TicketDetail
  readonly place: DraftPlace
  readonly sent: () => void
}

const empty = { text: '', files: [] }

/** A draft as it was sent, and whether the ticket is solved along with it. */
interface Sent {
  readonly draft: Draft
  readonly solve: boolean
}

/** The same words may have arrived before, when nobody asked to solve: then they are not said again. */
const solvedWords = ({ ticket: { state } }: TicketChanged): WordKey =>
  state === 'solved' ? 'done.reply-solve' : 'done.reply-unsolved'

/** Sends a draft as it stands; it stays in the field until the server has it. */
const useSend = ({ detail: { ticket }, place, sent }: Sending) => {
  const t = useWords()
  const take = useNews()
  const undo = useUndo()
  const asking = useAsking()
  const { mode, agentId } = place
  const { id: ticketId, version } = ticket
  /** Without a line the words wait in the thread, and the field is free for the next ones. */
  const keepWhenOffline = (error: unknown, { draft: { text, files, key }, solve }: Sent): void => {
    if (!(error instanceof ApiError) || error.code !== 'network') return
    keepForLater({ ...{ key, agentId, ticketId, mode, text, files, version }, ...(solve ? { solve } : {}) })
    changeDraft(place, () => empty)
  }
  return useMutation({
    mutationFn: ({ draft, solve }: Sent) => {
      const { text, key } = draft
      if (mode === 'note') return desk.note(ticket.id, { text }, key)
      return asking(
        { id: ticket.id, version: ticket.version, goOn: 'conflict.send', quietly: true },
        (seen) =>
          desk.reply(
            ticket.id,
            { ...(seen === undefined ? {} : { version: seen }), ...replyOf(draft, solve) },
            key,
          ),
      )
    },
    onSuccess: (changed, { draft, solve }) => {
      changeDraft(place, () => empty)
      sent()
      take(changed)
      undo.offer(changed, t(solve ? solvedWords(changed) : `done.${mode}`), {
        restore: () => {
          // What was begun since stays.
          changeDraft(place, (now) => (now.text === '' ? draft : now))
        },
        ...(solve ? { undone: t('done.undo-reply-solve') } : {}),
      })
    },
    onError: keepWhenOffline,
  })
}

const filesOf = (list: FileList): readonly File[] => [...list]

/** The ways a file gets in, beside the button: paste and drag. */
const intakeFor = (take: (files: readonly File[]) => void) => ({
  onPaste: (event: ClipboardEvent): void => {
    const { files, types } = event.clipboardData
    // Cells of a table come as text and as a picture of them: the text is meant.
    if (files.length === 0 || types.includes('text/plain')) return
    event.preventDefault()
    take(filesOf(files))
  },
  onDragOver: (event: DragEvent): void => {
    if (event.dataTransfer.types.includes('Files')) event.preventDefault()
  },
  onDrop: (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    take(filesOf(event.dataTransfer.files))
  },
})

const AttachButton = ({ take }: { readonly take: (files: readonly File[]) => void }) => {
  const t = useWords()
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button
        type="text"
        icon={<PaperClipOutlined />}
        title={t('attach.hint')}
        aria-label={t('attach.hint')}
        onClick={() => picker.current?.click()}
      />
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          take(filesOf(target.files ?? new DataTransfer().files))
          // The same file may be chosen again.
          target.value = ''
        }}
      />
    </>
  )
}

/** What may be said on a ticket, and how it goes out. */
const useComposer = (detail: TicketDetail) => {
  const { ticket } = detail
  const { agent } = useSession()
  const [mode, setMode] = useState<Mode>('reply')
  const field = useRef<TextAreaRef>(null)
  const placeOf = (one: Mode): DraftPlace => ({ agentId: agent.id, ticketId: ticket.id, mode: one })
  const place = placeOf(mode)
  const draft = useDraft(place)
  const tellTyping = useTyping(ticket.id)
  useTellViewing(ticket.id, mode === 'reply' && draft.text.trim() !== '')
  // Files belong to replies; one may arrive while a note is being written.
  const uploads = useUploads((file) => {
    changeDraft(placeOf('reply'), ({ text, files }) => ({ text, files: [...files, file] }))
  })
  const send = useSend({
    ...{ detail, place },
    sent: () => {
      tellTyping(false)
    },
  })
  const isReady = isSendable(draft) && (mode === 'note' || uploads.underWay.length === 0)
  return {
    ...{ mode, place, field, draft, uploads, send, isReady },
    submit: (solve = false): void => {
      if (!send.isPending && isReady) send.mutate({ draft, solve })
    },
    choose: (next: Mode): void => {
      if (send.isPending) return
      setMode(next)
      send.reset()
      field.current?.focus()
    },
    write: (text: string): void => {
      changeDraft(place, ({ files }) => ({ text, files }))
      tellTyping(mode === 'reply' && text.trim() !== '')
    },
    attach: (files: readonly File[]): void => {
      if (mode === 'reply' && !send.isPending) uploads.take(files, draft.files.length)
    },
    add: (more: readonly AttachedFile[]): void => {
      if (more.length === 0) return
      changeDraft(place, ({ text, files }) => {
        const isNew = ({ mediaId }: AttachedFile): boolean => files.every((one) => one.mediaId !== mediaId)
        return { text, files: [...files, ...more.filter(isNew)].slice(0, maxFiles) }
      })
    },
    remove: (mediaId: string): void => {
      changeDraft(place, ({ text, files }) => ({
        text,
        files: files.filter((one) => one.mediaId !== mediaId),
      }))
    },
  }
}

/** The way back for whoever's session ended: in another tab, as this one holds what was typed. */
const SignInAgain = ({ error }: { readonly error: unknown }) => {
  const t = useWords()
  if (!(error instanceof ApiError) || error.code !== 'unauthenticated') return null
  return (
    <a href="/desk/sign-in" target="_blank" rel="noopener">
      {t('compose.sign-in')}
    </a>
  )
}

/** The field for replies and notes. Ctrl or ⌘ with Enter sends; Enter alone never does. */
export const Composer = ({ detail }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const { mode, place, field, draft, uploads, send, isReady, submit, choose, write, attach, add, remove } =
    useComposer(detail)
  const { underWay, fault } = uploads
  const { assists } = useSession()
  const other = useOther(place)
  useFieldAfterSwitch(field)
  useKeys({
    reply: () => {
      choose('reply')
    },
    note: () => {
      choose('note')
    },
  })
  const isOffline = send.error instanceof ApiError && send.error.code === 'network'
  const failure =
    send.error === null || isOffline || send.error instanceof Declined
      ? fault
      : `${t(send.variables.solve ? 'compose.kept.solve' : 'compose.kept')} ${explain(send.error, t)}`
  return (
    <form
      className="composer"
      data-mode={mode}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      {...intakeFor(attach)}
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
      <Field
        // Marks mean other things in notes.
        key={mode}
        {...{ field, mode, write, add }}
        submit={() => submit()}
        ticket={detail.ticket}
        text={draft.text}
        readOnly={send.isPending}
      />
      {mode === 'reply' ? (
        <Attachments
          files={draft.files}
          underWay={underWay}
          remove={({ mediaId }) => {
            remove(mediaId)
          }}
        />
      ) : null}
      <Suspense>
        {other === undefined ? null : <OtherDraft place={place} />}
        {assists && mode === 'reply' ? (
          <DraftHelp detail={detail} place={place} readOnly={send.isPending} />
        ) : null}
      </Suspense>
      {failure === undefined ? null : (
        <Alert type="error" role="alert" title={failure} action={<SignInAgain error={send.error} />} />
      )}
      <div className="composer-foot">
        {mode === 'reply' ? <AttachButton take={attach} /> : null}
        <EmojiButton key={mode} {...{ field, write }} text={draft.text} disabled={send.isPending} />
        <Counter text={draft.text} limits={mode === 'reply' ? detail.textLimits : undefined} />
        <SendButton mode={mode} isPending={send.isPending} isReady={isReady} submit={submit} />
      </div>
    </form>
  )
}
