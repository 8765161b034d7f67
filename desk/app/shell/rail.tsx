import {
  BarChartOutlined,
  BulbOutlined,
  ControlOutlined,
  CommentOutlined,
  GlobalOutlined,
  InboxOutlined,
  LogoutOutlined,
  LockOutlined,
  QuestionCircleOutlined,
  ReadOutlined,
  SearchOutlined,
  SettingOutlined,
  SoundOutlined,
  UserOutlined,
} from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { MenuProps } from 'antd'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import Tooltip from 'antd/es/tooltip'
import { desk } from '../api/desk.ts'
import { queryClient } from '../api/queries.ts'
import { useLive } from '../api/live.ts'
import { Alerts } from '../people/alerts.tsx'
import { Presence } from '../people/presence.tsx'
import { useSendWaiting } from '../compose/waiting.tsx'
import { useLanguage, useWords } from '../words/index.ts'
import { useBell, useCalls } from './bell.ts'
import { useSession } from './session.ts'
import { useShown } from './shown.ts'
import { useLook, type Look } from './theme.ts'

const looks: readonly Look[] = ['system', 'light', 'dark']
const marks = { on: '●', polling: '◐', off: '○' } as const

const LiveMark = () => {
  const t = useWords()
  const status = useLive((state) => state.status)
  return (
    <Tooltip title={t(`live.${status}.hint`)} placement="right">
      <span className="live" data-status={status} role="status">
        <span aria-hidden="true">{marks[status]}</span>
        <span className="unseen">{t(`live.${status}`)}</span>
      </span>
    </Tooltip>
  )
}

const signOut = (): void => {
  const leave = (): void => {
    location.replace('/desk/sign-in')
  }
  desk.signOut().then(({ at }) => {
    // The identity provider goes on with it.
    if (at === undefined) leave()
    else location.assign(at)
  }, leave)
}

const Me = () => {
  const t = useWords()
  const { agent } = useSession()
  const { look, choose } = useLook()
  const { isOn, turn } = useBell()
  const items: MenuProps['items'] = [
    { key: 'name', label: <bdi>{agent.name}</bdi>, disabled: true },
    {
      key: 'look',
      icon: <BulbOutlined />,
      label: t('look'),
      children: looks.map((one) => ({
        key: one,
        label: t(`look.${one}`),
        onClick: () => {
          choose(one)
        },
      })),
    },
    {
      key: 'bell',
      icon: <SoundOutlined />,
      label: t(isOn ? 'bell.off' : 'bell.on'),
      onClick: () => {
        turn(!isOn)
      },
    },
    {
      key: 'settings',
      icon: <ControlOutlined />,
      label: <Link to="/settings/keys">{t('settings')}</Link>,
    },
    {
      key: 'security',
      icon: <LockOutlined />,
      label: t('security'),
      onClick: () => {
        location.assign('/desk/sign-in#security')
      },
    },
    { key: 'sign-out', icon: <LogoutOutlined />, label: t('sign-out'), onClick: signOut },
  ]
  return (
    <Dropdown menu={{ items, selectedKeys: [look] }} trigger={['click']} placement="topRight">
      <Button type="text" icon={<UserOutlined />} aria-label={t('me', { name: agent.name })} />
    </Dropdown>
  )
}

const inboxesLookMs = 30_000

/** The way to the administration, with how many inboxes are in trouble. */
const AdminLink = () => {
  const t = useWords()
  const { may } = useSession()
  const { data } = useQuery({
    queryKey: ['inboxes'],
    queryFn: ({ signal }) => desk.inboxes(signal),
    select: ({ inboxes }) =>
      inboxes.filter(({ state, pause }) => state !== 'running' || pause !== undefined).length,
    refetchInterval: inboxesLookMs,
    enabled: may('inbox.read'),
    retry: false,
  })
  const ill = data ?? 0
  return (
    <Link
      to="/admin/inboxes"
      className="rail-link bell"
      aria-label={ill === 0 ? t('admin') : `${t('admin')} · ${t('inboxes.ill', { n: ill })}`}
    >
      <SettingOutlined />
      {ill === 0 ? null : (
        <span className="bell-count" aria-hidden="true">
          {ill}
        </span>
      )}
    </Link>
  )
}

/** The way between the screens, and what belongs to the person. */
export const Rail = () => {
  const t = useWords()
  useCalls()
  useSendWaiting()
  const { language, choose } = useLanguage()
  const { may } = useSession()
  const readsTickets = may('ticket.read')
  const show = useShown((state) => state.show)
  return (
    <nav className="rail" aria-label={t('rail')}>
      {readsTickets ? (
        <Link
          to="/inbox/$view"
          params={{ view: 'unassigned' }}
          className="rail-link"
          aria-label={t('tickets')}
        >
          <InboxOutlined />
        </Link>
      ) : null}
      {may('knowledge.read') ? (
        <Link to="/knowledge/articles" className="rail-link" aria-label={t('knowledge')}>
          <ReadOutlined />
        </Link>
      ) : null}
      {may('feedback.read') ? (
        <Link to="/suggestions" className="rail-link" aria-label={t('suggestions')}>
          <CommentOutlined />
        </Link>
      ) : null}
      {may('report.read') ? (
        <Link to="/reports/overview" className="rail-link" aria-label={t('reports')}>
          <BarChartOutlined />
        </Link>
      ) : null}
      {readsTickets ? (
        <Link to="/search" className="rail-link" aria-label={t('search')}>
          <SearchOutlined />
        </Link>
      ) : null}
      <AdminLink />
      <span className="rail-space" />
      <Alerts />
      {readsTickets ? <LiveMark /> : null}
      {may('ticket.take') ? <Presence /> : null}
      <Tooltip title={t('help')} placement="right">
        <Button
          type="text"
          icon={<QuestionCircleOutlined />}
          aria-label={t('help')}
          onClick={() => show('help')}
        />
      </Tooltip>
      <Button
        type="text"
        icon={<GlobalOutlined />}
        aria-label={t('language')}
        onClick={() => {
          choose(language === 'en' ? 'zh' : 'en')
          // Titles, summaries and reasons come in the page's language.
          void queryClient.invalidateQueries()
        }}
      />
      <Me />
    </nav>
  )
}
