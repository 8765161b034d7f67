import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useState } from 'react'
import { answerOf, v1 } from '../api/v1.ts'
import { useSession } from '../shell/session.ts'
import { shortTime } from '../shell/time.ts'
import { useAskClose } from '../shell/use-ask-close.ts'
import { useWords } from '../words/suggestions.ts'
import { onceAt, useItems, useThemeAct, useTicketsOf, type Item, type Theme } from './use-suggestions.ts'

const TicketLink = ({ id, children }: { readonly id: string; readonly children: string }) => (
  <Link to="/inbox/$view/$ticketId" params={{ view: 'open', ticketId: id }}>
    {children}
  </Link>
)

/** The way to the ticket of a form, or to what else the contact has. */
const Tickets = ({ item: { ticketId, contactId, conversationId } }: { readonly item: Item }) => {
  const t = useWords()
  const { may } = useSession()
  const [isOpen, setOpen] = useState(false)
  const { data } = useTicketsOf(contactId, isOpen)
  if (!may('ticket.read')) return null
  if (ticketId !== undefined) return <TicketLink id={ticketId}>{t('suggestions.ticket')}</TicketLink>
  if (contactId === undefined) return null
  if (!isOpen)
    return (
      <Button size="small" onClick={() => setOpen(true)}>
        {t('suggestions.tickets')}
      </Button>
    )
  if (data?.length === 0) return <span className="quiet">{t('suggestions.tickets.none')}</span>
  return data?.map(({ id, number, title, conversationId: where }) => (
    <span key={id} className={where === conversationId ? 'chip due-done' : 'chip'}>
      <TicketLink id={id}>{`T-${number} ${title.slice(0, 30)}`}</TicketLink>
    </span>
  ))
}

interface SplitProps {
  readonly theme: Theme
  readonly itemIds: readonly string[]
  readonly close: (done: boolean) => void
}

/** Takes some suggestions into a group of their own. */
const Split = ({ theme, itemIds, close }: SplitProps) => {
  const t = useWords()
  const [name, setName] = useState('')
  const split = useThemeAct(
    () =>
      answerOf(
        v1.POST('/feedback/themes/{id}/split', {
          params: { path: { id: theme.id }, header: onceAt(theme.version) },
          body: { itemIds: [...itemIds], ...(name.trim() === '' ? {} : { name: name.trim() }) },
        }),
      ),
    'done.split',
  )
  const { askClose, stays } = useAskClose(
    () => name.trim() !== '',
    () => close(false),
  )
  return (
    <Modal
      open
      title={t('suggestions.split.of', { label: theme.label, n: itemIds.length })}
      okText={t('suggestions.split', { n: itemIds.length })}
      cancelText={t('cancel')}
      confirmLoading={split.isPending}
      onOk={() => split.mutate(undefined, { onSuccess: () => close(true) })}
      {...stays}
      onCancel={askClose}
    >
      <Form layout="vertical">
        <Form.Item
          label={t('suggestions.split.name')}
          htmlFor="split-name"
          extra={t('suggestions.split.hint')}
        >
          <Input
            id="split-name"
            maxLength={100}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}

/** The sentences of a group, with the ways to their tickets; some of them can become a group of their own. */
export const Items = ({ theme }: { readonly theme: Theme }) => {
  const t = useWords()
  const { may } = useSession()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [isSplitting, setSplitting] = useState(false)
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useItems(theme.id)
  const items = (data?.pages ?? []).flatMap((page) => page.data)
  const here = chosen.filter((id) => items.some((item) => item.id === id))
  const manages = may('feedback.manage')
  return (
    <section aria-label={t('suggestions.items')}>
      <h2>{t('suggestions.items')}</h2>
      <ul className="pieces">
        {items.map((item) => (
          <li key={item.id} className="item-line">
            {manages ? (
              <Checkbox
                checked={chosen.includes(item.id)}
                aria-label={item.sentence}
                onChange={({ target }) => {
                  setChosen(target.checked ? [...chosen, item.id] : chosen.filter((id) => id !== item.id))
                }}
              />
            ) : null}
            <span>
              <bdi>{item.sentence}</bdi>{' '}
              <span className="quiet">
                {shortTime(item.saidAt)} {item.channel ?? t('suggestions.by-hand')}
              </span>{' '}
              <Tickets item={item} />
            </span>
          </li>
        ))}
      </ul>
      <div className="actions">
        {hasNextPage ? (
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('suggestions.items.more')}
          </Button>
        ) : null}
        {manages ? (
          <Button
            disabled={here.length === 0 || here.length >= theme.count}
            onClick={() => setSplitting(true)}
          >
            {t('suggestions.split', { n: here.length })}
          </Button>
        ) : null}
      </div>
      {isSplitting ? (
        <Split
          {...{ theme, itemIds: here }}
          close={(done) => {
            setSplitting(false)
            if (done) setChosen([])
          }}
        />
      ) : null}
    </section>
  )
}
