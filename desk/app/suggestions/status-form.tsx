import Alert from 'antd/es/alert'
import Checkbox from 'antd/es/checkbox'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import { useState } from 'react'
import { answerOf, v1 } from '../api/v1.ts'
import { isMasked } from '../people/reveal.tsx'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/suggestions.ts'
import {
  isTold,
  newerOf,
  onceAt,
  statuses,
  useTelling,
  useThemeAct,
  type Status,
  type Theme,
} from './use-suggestions.ts'

const maxWords = 600

interface Typed {
  readonly status: Status
  readonly zh: string
  readonly en: string
  readonly tell: boolean
}

const bodyOf = ({ status, zh, en, tell }: Typed) => ({
  ...{ status, tell },
  ...(zh.trim() === '' ? {} : { wording: { zh: zh.trim(), ...(en.trim() === '' ? {} : { en: en.trim() }) } }),
})

interface PublicWordsProps {
  readonly typed: Typed
  readonly type: (changes: Partial<Typed>) => void
}

/** What those who asked are told. */
const PublicWords = ({ typed, type }: PublicWordsProps) => {
  const t = useWords()
  const { zh, en, tell } = typed
  return (
    <>
      <Form.Item label={t('suggestions.wording')} htmlFor="theme-zh" required>
        <Input.TextArea
          id="theme-zh"
          rows={3}
          maxLength={maxWords}
          value={zh}
          onChange={({ target }) => type({ zh: target.value })}
        />
      </Form.Item>
      <Form.Item label={t('suggestions.wording.en')} htmlFor="theme-en">
        <Input.TextArea
          id="theme-en"
          rows={2}
          maxLength={maxWords * 2}
          value={en}
          onChange={({ target }) => type({ en: target.value })}
        />
      </Form.Item>
      <Checkbox checked={tell} onChange={({ target }) => type({ tell: target.checked })}>
        {t('suggestions.tell')}
      </Checkbox>
    </>
  )
}

/** Somebody was faster: theirs beside ours, which stays in the fields. */
const Newer = ({ theme, typed }: { readonly theme: Theme; readonly typed: Typed }) => {
  const t = useWords()
  return (
    <Alert
      type="warning"
      role="alert"
      title={t('suggestions.stale')}
      description={
        <dl className="facts">
          <div>
            <dt>{t('suggestions.theirs')}</dt>
            <dd>
              {t(`suggestions.status.${theme.status}`)} <bdi>{theme.wording?.zh}</bdi>
            </dd>
          </div>
          <div>
            <dt>{t('suggestions.yours')}</dt>
            <dd>
              {t(`suggestions.status.${typed.status}`)} <bdi>{typed.zh}</bdi>
            </dd>
          </div>
        </dl>
      }
    />
  )
}

interface StatusFormProps {
  readonly theme: Theme
  /** Where it was dragged, or what the menu said. */
  readonly wanted: Status
  readonly close: () => void
}

/** Sets the status of a group; says beforehand whom that tells and how. */
export const StatusForm = ({ theme, wanted, close }: StatusFormProps) => {
  const t = useWords()
  const [typed, setTyped] = useState<Typed>(() => {
    // What is shown masked must not be written back like that.
    const { zh = '', en = '' } = isMasked(theme.wording) ? {} : (theme.wording ?? {})
    return { status: wanted, zh, en, tell: true }
  })
  const [before] = useState(typed)
  const { askClose, stays } = useAskClose(() => JSON.stringify(typed) !== JSON.stringify(before), close)
  const { status, zh, tell } = typed
  const { data: counts } = useTelling(theme.id, status)
  const [seen, setSeen] = useState(theme)
  const save = useThemeAct(
    () =>
      answerOf(
        v1.POST('/feedback/themes/{id}/status', {
          params: { path: { id: theme.id }, header: onceAt(seen.version) },
          body: bodyOf(typed),
        }),
      ),
    'done.status',
  )
  const newer = newerOf(save.error)
  const name = t(`suggestions.status.${status}`)
  const people = isTold(status) && tell ? (counts?.people ?? 0) : 0
  const run = (): void => {
    save.mutate(undefined, {
      onSuccess: close,
      // A second try goes out on what is shown then.
      onError: (error) => setSeen((was) => newerOf(error) ?? was),
    })
  }
  return (
    <Modal
      open
      title={t('suggestions.status.of', { label: theme.label })}
      okText={t(people > 0 ? 'suggestions.status.set-tell' : 'suggestions.status.set', {
        status: name,
        people,
      })}
      okButtonProps={{ disabled: isTold(status) && zh.trim() === '' }}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      onOk={run}
      {...stays}
      onCancel={askClose}
    >
      <Form layout="vertical">
        <Form.Item label={t('suggestions.status')} htmlFor="theme-status">
          <Select<Status>
            id="theme-status"
            value={status}
            options={statuses.map((one) => ({ value: one, label: t(`suggestions.status.${one}`) }))}
            onChange={(one) => setTyped({ ...typed, status: one })}
          />
        </Form.Item>
        {isTold(status) ? (
          <PublicWords typed={typed} type={(changes) => setTyped({ ...typed, ...changes })} />
        ) : (
          <p className="quiet">{t('suggestions.untold')}</p>
        )}
        {isTold(status) && tell && counts !== undefined ? (
          <p role="status">
            {t('suggestions.telling', {
              people: counts.people,
              now: counts.now,
              fallback: counts.fallback,
              waits: counts.waits,
              never: counts.never,
            })}
          </p>
        ) : null}
        {newer === undefined ? null : <Newer theme={newer} typed={typed} />}
      </Form>
    </Modal>
  )
}
