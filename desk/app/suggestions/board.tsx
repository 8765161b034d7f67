import { RiseOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import Input from 'antd/es/input'
import { useState, type DragEvent } from 'react'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/suggestions.ts'
import { StatusForm } from './status-form.tsx'
import { statuses, useColumn, type Status, type Theme } from './use-suggestions.ts'

/** What is dragged carries the group's id under this name, so that nothing else can be dropped here. */
const dragType = 'application/x-tongda-theme'

interface CardProps {
  readonly theme: Theme
  readonly move: (theme: Theme, to: Status) => void
}

const Card = ({ theme, move }: CardProps) => {
  const t = useWords()
  const { may } = useSession()
  const { id, label, count, contacts, trend, words, status } = theme
  const manages = may('feedback.manage')
  return (
    <li
      className="theme"
      draggable={manages}
      onDragStart={({ dataTransfer }) => {
        dataTransfer.setData(dragType, JSON.stringify(theme))
        dataTransfer.effectAllowed = 'move'
      }}
    >
      <Link to="/suggestions/$themeId" params={{ themeId: id }} className="theme-name">
        <bdi>{label}</bdi>
      </Link>
      <span className="quiet">{t('suggestions.count', { count, contacts })}</span>
      {trend.rising ? (
        <span className="chip due-soon">
          <RiseOutlined aria-hidden="true" /> {t('suggestions.rising')}
        </span>
      ) : null}
      {words.length === 0 ? null : <span className="quiet">{words.join(' · ')}</span>}
      {manages ? (
        <Dropdown
          trigger={['click']}
          menu={{
            items: statuses
              .filter((one) => one !== status)
              .map((one) => ({
                key: one,
                label: t(`suggestions.status.${one}`),
                onClick: () => move(theme, one),
              })),
          }}
        >
          <Button size="small" aria-label={t('suggestions.move.of', { label })}>
            {t('suggestions.move')}
          </Button>
        </Dropdown>
      ) : null}
    </li>
  )
}

interface ColumnProps {
  readonly status: Status
  readonly text: string
  readonly move: CardProps['move']
}

const themeOf = ({ dataTransfer }: DragEvent): Theme | undefined => {
  const text = dataTransfer.getData(dragType)
  return text === '' ? undefined : (JSON.parse(text) as Theme)
}

const Column = ({ status, text, move }: ColumnProps) => {
  const t = useWords()
  const [isOver, setOver] = useState(false)
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useColumn(status, text)
  const themes = (data?.pages ?? []).flatMap((page) => page.data)
  const name = t(`suggestions.status.${status}`)
  return (
    <section
      className="column"
      aria-label={name}
      data-over={isOver}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(dragType)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const theme = themeOf(event)
        if (theme !== undefined && theme.status !== status) move(theme, status)
      }}
    >
      <h2>
        {name}{' '}
        <span className="count quiet">
          {themes.length}
          {hasNextPage ? '+' : ''}
        </span>
      </h2>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {themes.length === 0 && !isPending && error === null ? (
        <p className="quiet">{t(`suggestions.none.${text === '' ? 'here' : 'found'}`)}</p>
      ) : null}
      <ul>
        {themes.map((theme) => (
          <Card key={theme.id} theme={theme} move={move} />
        ))}
      </ul>
      {hasNextPage ? (
        <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('suggestions.more', { status: name })}
        </Button>
      ) : null}
    </section>
  )
}

/** What contacts wish for, in groups, by what became of it. Columns on wide screens, one list under the other on phones. */
export const SuggestionBoard = () => {
  const t = useWords()
  const { may } = useSession()
  const [text, setText] = useState('')
  const [moving, setMoving] = useState<{ readonly theme: Theme; readonly to: Status }>()
  if (!may('feedback.read'))
    return (
      <main className="page">
        <h1>{t('suggestions.title')}</h1>
        <p className="quiet">{t('suggestions.why.read')}</p>
      </main>
    )
  return (
    <main className="page">
      <header className="page-head">
        <h1>{t('suggestions.title')}</h1>
        <Input.Search
          allowClear
          maxLength={100}
          placeholder={t('suggestions.search')}
          aria-label={t('suggestions.search')}
          onSearch={(typed) => setText(typed.trim())}
        />
      </header>
      {may('feedback.manage') ? null : <p className="quiet">{t('suggestions.why.manage')}</p>}
      <div className="board">
        {statuses.map((status) => (
          <Column key={status} {...{ status, text }} move={(theme, to) => setMoving({ theme, to })} />
        ))}
      </div>
      {moving === undefined ? null : (
        <StatusForm theme={moving.theme} wanted={moving.to} close={() => setMoving(undefined)} />
      )}
    </main>
  )
}
