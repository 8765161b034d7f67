import Table from 'antd/es/table'
import { ChannelMark } from '../inbox/chips.tsx'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/admin.ts'
import { fixOf, type Health } from './health-concerns.ts'
import { InboxStanding } from './inbox-standing.tsx'

type Channel = Health['channels'][number]

const Refused = ({ refused }: Pick<Channel, 'refused'>) => {
  const t = useWords()
  if (refused.length === 0) return <span className="quiet">{t('health.none-refused')}</span>
  return (
    <ul className="addresses">
      {refused.map(({ code, count: n, providerCode, message }) => (
        <li key={code}>
          {t('health.refused.one', { n, code })}
          {providerCode === undefined ? null : ` · ${t('health.provider-code', { code: providerCode })}`}
          <p className="delivery">
            <bdi>{message}</bdi>
          </p>
          <p className="delivery">{fixOf(code, t)}</p>
        </li>
      ))}
    </ul>
  )
}

/** Every account: whether it runs, when somebody wrote last, what was refused and what to do. */
export const HealthChannels = ({ channels }: Pick<Health, 'channels'>) => {
  const t = useWords()
  const isSpread = channels.some(({ node }) => node !== '')
  return (
    <section aria-label={t('health.channels')}>
      <h2>{t('health.channels')}</h2>
      <Table<Channel>
        size="small"
        rowKey={({ inboxId, node }) => `${inboxId} ${node}`}
        dataSource={[...channels]}
        pagination={false}
        locale={{ emptyText: t('admin.none') }}
        columns={[
          {
            title: t('health.inbox'),
            width: 200,
            render: (_, { channel, inboxId }) => (
              <>
                <ChannelMark channel={channel} /> <bdi>{inboxId}</bdi>
              </>
            ),
          },
          ...(isSpread ? [{ title: t('health.node'), dataIndex: 'node', width: 140 }] : []),
          { title: t('health.state'), render: (_, channel) => <InboxStanding inbox={channel} /> },
          {
            title: t('health.last-message'),
            width: 140,
            render: (_, { lastMessageAt }) =>
              lastMessageAt === undefined ? (
                <span className="quiet">{t('health.never')}</span>
              ) : (
                exactTime(lastMessageAt)
              ),
          },
          { title: t('health.refused'), render: (_, { refused }) => <Refused refused={refused} /> },
        ]}
      />
    </section>
  )
}
