import { LeftOutlined } from '@ant-design/icons'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import Skeleton from 'antd/es/skeleton'
import { useState } from 'react'
import { answerOf, ifMatch, v1 } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime, shortTime } from '../shell/time.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { isSuggestionWord, useWords } from '../words/suggestions.ts'
import { Items } from './items.tsx'
import { StatusForm } from './status-form.tsx'
import {
  newerOf,
  onceAt,
  useFoundThemes,
  useNotices,
  useTheme,
  useThemeAct,
  useThemeHistory,
  type Theme,
} from './use-suggestions.ts'

interface DialogProps {
  readonly theme: Theme
  readonly close: () => void
}

/** Brings another group into this one; says what of it moves. */
const Merge = ({ theme, close }: DialogProps) => {
  const t = useWords()
  const [text, setText] = useState('')
  const [from, setFrom] = useState<Theme>()
  const { data: found = [], isFetching } = useFoundThemes(text)
  const merge = useThemeAct(
    (other: Theme) =>
      answerOf(
        v1.POST('/feedback/themes/{id}/merge', {
          params: { path: { id: theme.id }, header: onceAt(theme.version) },
          body: { from: other.id },
        }),
      ),
    'done.merge',
  )
  const others = found.filter(({ id }) => id !== theme.id)
  const { askClose, stays } = useAskClose(() => from !== undefined, close)
  return (
    <Modal
      open
      title={t('suggestions.merge.into', { label: theme.label })}
      okText={from === undefined ? t('suggestions.merge') : t('suggestions.merge.n', { n: from.count })}
      okButtonProps={{ disabled: from === undefined }}
      cancelText={t('cancel')}
      confirmLoading={merge.isPending}
      onOk={() => from !== undefined && merge.mutate(from, { onSuccess: close })}
      {...stays}
      onCancel={askClose}
    >
      <Form layout="vertical">
        <Form.Item label={t('suggestions.merge.which')} htmlFor="merge-from">
          <Select
            id="merge-from"
            showSearch={{ onSearch: (typed) => setText(typed.trim()), filterOption: false }}
            value={from?.id ?? null}
            loading={isFetching}
            placeholder={t('suggestions.search')}
            notFoundContent={t(`suggestions.none.${text === '' ? 'typed' : 'found'}`)}
            options={others.map(({ id, label, count, contacts }) => ({
              value: id,
              label: `${label} (${t('suggestions.count', { count, contacts })})`,
            }))}
            onChange={(id) => setFrom(others.find((one) => one.id === id))}
          />
        </Form.Item>
        {from === undefined ? null : (
          <p>{t('suggestions.merge.what', { from: from.label, n: from.count, into: theme.label })}</p>
        )}
      </Form>
    </Modal>
  )
}

/** Names a group; theirs is shown where somebody was faster, and ours stays in the field. */
const Rename = ({ theme, close }: DialogProps) => {
  const t = useWords()
  const [before] = useState(theme.label)
  const [name, setName] = useState(before)
  const [version, setVersion] = useState(theme.version)
  const rename = useThemeAct(
    () =>
      answerOf(
        v1.PATCH('/feedback/themes/{id}', {
          params: { path: { id: theme.id }, header: ifMatch(version) },
          body: { name: name.trim() },
        }),
      ),
    'done.rename',
  )
  const newer = newerOf(rename.error)
  const { askClose, stays } = useAskClose(() => name !== before, close)
  return (
    <Modal
      open
      title={t('suggestions.rename')}
      okText={t('suggestions.rename')}
      okButtonProps={{ disabled: name.trim() === '' }}
      cancelText={t('cancel')}
      confirmLoading={rename.isPending}
      onOk={() =>
        rename.mutate(undefined, {
          onSuccess: close,
          onError: (error) => setVersion((was) => newerOf(error)?.version ?? was),
        })
      }
      {...stays}
      onCancel={askClose}
    >
      <Form layout="vertical">
        <Form.Item label={t('suggestions.name')} htmlFor="theme-name" extra={t('suggestions.rename.hint')}>
          <Input
            id="theme-name"
            maxLength={100}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </Form.Item>
        {newer === undefined ? null : (
          <p role="alert">
            {t('suggestions.stale')} {t('suggestions.theirs')}: <bdi>{newer.label}</bdi>
          </p>
        )}
      </Form>
    </Modal>
  )
}

type Dialog = 'status' | 'merge' | 'rename'

const Acts = ({ theme }: { readonly theme: Theme }) => {
  const t = useWords()
  const { may } = useSession()
  const [dialog, setDialog] = useState<Dialog>()
  const pin = useThemeAct(
    () =>
      answerOf(
        v1.POST('/feedback/themes/{id}/pin', {
          params: { path: { id: theme.id }, header: onceAt(theme.version) },
        }),
      ),
    'done.pin',
  )
  const close = (): void => setDialog(undefined)
  if (!may('feedback.manage')) return <p className="quiet">{t('suggestions.why.manage')}</p>
  return (
    <div className="actions">
      <Button type="primary" onClick={() => setDialog('status')}>
        {t('suggestions.status.change')}
      </Button>
      <Button onClick={() => setDialog('merge')}>{t('suggestions.merge')}</Button>
      <Button onClick={() => setDialog('rename')}>{t('suggestions.rename')}</Button>
      <Button loading={pin.isPending} title={t('suggestions.pin.hint')} onClick={() => pin.mutate()}>
        {t('suggestions.pin')}
      </Button>
      {dialog === 'status' ? <StatusForm theme={theme} wanted={theme.status} close={close} /> : null}
      {dialog === 'merge' ? <Merge theme={theme} close={close} /> : null}
      {dialog === 'rename' ? <Rename theme={theme} close={close} /> : null}
    </div>
  )
}

/** Who was told what, and what happened to the group. */
const Past = ({ id }: { readonly id: string }) => {
  const t = useWords()
  const { data: notices = [] } = useNotices(id)
  const { data: history = [] } = useThemeHistory(id)
  return (
    <>
      <details open={notices.length > 0}>
        <summary>{t('suggestions.notices', { n: notices.length })}</summary>
        <ul className="history">
          {notices.map(({ id: one, status, state, reason, createdAt }) => (
            <li key={one}>
              <time className="quiet" dateTime={createdAt} title={exactTime(createdAt)}>
                {shortTime(createdAt)}
              </time>{' '}
              {t(`suggestions.status.${status}`)} · {t(`suggestions.notice.${state}`)}
              {reason === undefined ? null : (
                <span className="quiet"> {t(`suggestions.notice.reason.${reason}`)}</span>
              )}
            </li>
          ))}
        </ul>
      </details>
      <details>
        <summary>{t('history')}</summary>
        <ol className="history">
          {history.map(({ id: line, at, actorName, change }) => {
            const key = `suggestions.change.${change}`
            return (
              <li key={line}>
                <time className="quiet" dateTime={at} title={exactTime(at)}>
                  {shortTime(at)}
                </time>{' '}
                <bdi>{actorName ?? t('suggestions.machine')}</bdi> {isSuggestionWord(key) ? t(key) : change}
              </li>
            )
          })}
        </ol>
      </details>
    </>
  )
}

const Weeks = ({ theme: { trend } }: { readonly theme: Theme }) => {
  const t = useWords()
  return (
    <p>
      {t('suggestions.weeks', { weeks: trend.weeks.join(' '), usual: trend.usual.toFixed(1) })}{' '}
      {trend.rising ? <span className="chip due-soon">{t('suggestions.rising')}</span> : null}
    </p>
  )
}

const Shown = ({ theme }: { readonly theme: Theme }) => {
  const t = useWords()
  const navigate = useNavigate()
  const { id, label, status, count, contacts, channels, wording, mergedInto } = theme
  return (
    <main className="page">
      <header className="page-head">
        <Button
          type="text"
          icon={<LeftOutlined />}
          aria-label={t('back')}
          onClick={() => void navigate({ to: '/suggestions' })}
        />
        <h1>
          <bdi>{label}</bdi>
        </h1>
        <span className="chip">{t(`suggestions.status.${status}`)}</span>
        <span className="quiet">{t('suggestions.count', { count, contacts })}</span>
        {channels.map(({ channel, count: n }) => (
          <span key={channel} className="chip">
            {channel} {n}
          </span>
        ))}
      </header>
      {mergedInto === undefined ? (
        <Acts theme={theme} />
      ) : (
        <p role="note">
          {t('suggestions.merged')}{' '}
          <Link to="/suggestions/$themeId" params={{ themeId: mergedInto }}>
            {t('suggestions.merged.open')}
          </Link>
        </p>
      )}
      <Weeks theme={theme} />
      {wording === undefined ? null : (
        <p className="note-line words">
          <span className="quiet">{t('suggestions.wording')}: </span>
          <bdi>{wording.zh}</bdi>
        </p>
      )}
      <Items theme={theme} />
      <Past id={id} />
    </main>
  )
}

/** One group of suggestions: who asked for it, what became of it, who was told. */
export const SuggestionTheme = () => {
  const t = useWords()
  const { themeId = '' } = useParams({ strict: false })
  const { data, error } = useTheme(themeId)
  if (data !== undefined) return <Shown key={data.id} theme={data} />
  return (
    <main className="page">
      {error === null ? <Skeleton active /> : <p role="alert">{explain(error, t)}</p>}
    </main>
  )
}
