import { useNavigate } from '@tanstack/react-router'
import type { InputRef } from 'antd'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { TicketView } from '../api/desk.ts'
import { useTickets, useViews } from '../api/queries.ts'
import { customView } from '../inbox/views.ts'
import { keysOf, type Command } from '../shell/commands.ts'
import { isMeant } from '../shell/initials.ts'
import { availableCommands, isComposing, run } from '../shell/keys.ts'
import { usePreferences } from '../shell/preferences.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/keys.ts'
import { ShownKeys } from './shown-keys.tsx'

/** More would have to be read; another letter is quicker. */
const mostTickets = 20

interface Choice {
  readonly id: string
  readonly group: 'commands' | 'views' | 'tickets'
  readonly label: ReactNode
  readonly act: () => void
}

const isTicketMeant = ({ number, contactName, title }: TicketView, typed: string): boolean => {
  const digits = /^(?:t-?)?(\d+)$/i.exec(typed.trim())?.[1]
  return digits === undefined
    ? isMeant(contactName, typed) || isMeant(title, typed)
    : String(number).startsWith(digits)
}

/** What can be chosen for what was typed: commands that can be done now, own views, and open tickets. */
const useChoices = (typed: string, able: readonly Command[]): readonly Choice[] => {
  const t = useWords()
  const navigate = useNavigate()
  const { may } = useSession()
  const { bindings } = usePreferences().keys
  const { data: tickets = [] } = useTickets('open', may('ticket.read'))
  const { data: made } = useViews(may('ticket.read'))
  const named = (made?.views ?? []).filter(({ name }) => isMeant(name, typed))
  const found = able.filter((command) => isMeant(t(`do.${command}`), typed))
  const meant = tickets.filter((ticket) => isTicketMeant(ticket, typed)).slice(0, mostTickets)
  return [
    ...found.map((command): Choice => ({
      id: command,
      group: 'commands',
      label: (
        <>
          <span>{t(`do.${command}`)}</span> <ShownKeys keys={keysOf(command, bindings)} />
        </>
      ),
      act: () => {
        run(command)
      },
    })),
    ...named.map(({ id, name }): Choice => ({
      id,
      group: 'views',
      label: <bdi>{name}</bdi>,
      act: () => {
        void navigate({ to: '/inbox/$view', params: { view: customView(id) } })
      },
    })),
    ...meant.map((ticket): Choice => ({
      id: ticket.id,
      group: 'tickets',
      label: (
        <>
          <span className="quiet">T-{ticket.number}</span>{' '}
          <bdi>{ticket.contactName || t('author.contact')}</bdi>{' '}
          <bdi className="row-title">{ticket.title}</bdi>
        </>
      ),
      act: () => {
        void navigate({ to: '/inbox/$view/$ticketId', params: { view: 'open', ticketId: ticket.id } })
      },
    })),
  ]
}

interface ListProps {
  readonly id: string
  readonly choices: readonly Choice[]
  readonly at: number
  readonly choose: (choice: Choice) => void
}

const Choices = ({ id, choices, at, choose }: ListProps) => {
  const t = useWords()
  const chosen = useRef<HTMLLIElement>(null)
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const groups = (['commands', 'views', 'tickets'] as const).filter((group) =>
    choices.some((choice) => choice.group === group),
  )
  return (
    <div id={id} role="listbox" className="palette" aria-label={t('palette.label')}>
      {groups.map((group) => (
        <ul key={group} role="group" aria-label={t(`palette.${group}`)}>
          <li role="presentation" className="quiet">
            {t(`palette.${group}`)}
          </li>
          {choices.map((choice, place) =>
            choice.group === group ? (
              <li
                key={choice.id}
                id={`${id}-${place}`}
                ref={place === at ? chosen : undefined}
                role="option"
                aria-selected={place === at}
                onClick={() => {
                  choose(choice)
                }}
              >
                {choice.label}
              </li>
            ) : null,
          )}
        </ul>
      ))}
    </div>
  )
}

interface PaletteProps {
  /** `act` is done once the window is gone. */
  readonly close: (act?: () => void) => void
}

/** The list of everything that can be done now and of open tickets, found by name, first letters or number. */
export const Palette = ({ close }: PaletteProps) => {
  const t = useWords()
  const id = useId()
  const field = useRef<InputRef>(null)
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  // What could be done when it was opened: the window itself takes nothing away.
  const able = useMemo(() => availableCommands().filter((command) => command !== 'palette'), [])
  const choices = useChoices(typed, able)
  const choose = (choice: Choice | undefined): void => {
    if (choice !== undefined) close(choice.act)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event.nativeEvent)) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && choices.length > 0) setAt((at + step + choices.length) % choices.length)
    else if (event.key === 'Enter') choose(choices[at])
    else return
    event.preventDefault()
  }
  return (
    <Modal
      open
      onCancel={() => close()}
      footer={null}
      title={t('do.palette')}
      afterOpenChange={(open) => {
        if (open) field.current?.focus()
      }}
    >
      <Input
        ref={field}
        autoFocus
        value={typed}
        role="combobox"
        aria-expanded
        aria-autocomplete="list"
        aria-controls={id}
        aria-activedescendant={choices.length === 0 ? undefined : `${id}-${at}`}
        aria-label={t('palette.label')}
        placeholder={t('palette.hint')}
        onChange={({ target }) => {
          setTyped(target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      {choices.length === 0 ? (
        <p role="status">{t('palette.none')}</p>
      ) : (
        <Choices {...{ id, choices, at, choose }} />
      )}
    </Modal>
  )
}
