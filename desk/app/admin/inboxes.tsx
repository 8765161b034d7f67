import Button from 'antd/es/button'
import Table from 'antd/es/table'
import { desk, type InboxList } from '../api/desk.ts'
import { ChannelMark } from '../inbox/chips.tsx'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/admin.ts'
import { InboxStanding } from './inbox-standing.tsx'
import { QuietList } from './quiet-list.tsx'
import { useAdmin, useAdminAct } from './use-admin.ts'

type Inbox = InboxList['inboxes'][number]

/** Every configured account: whether it runs, why not, and whether it may send. */
export const Inboxes = () => {
  const t = useWords()
  const { may } = useSession()
  const { data, error, isPending } = useAdmin(['inboxes'], (signal) => desk.inboxes(signal))
  const resume = useAdminAct((inboxId: string) => desk.resumeInbox(inboxId), 'done.resumed')
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.inboxes')}</h1>
      </header>
      <Table<Inbox>
        size="small"
        rowKey="inboxId"
        dataSource={[...(data?.inboxes ?? [])]}
        loading={isPending}
        pagination={false}
        locale={{ emptyText: error === null ? t('admin.none') : explain(error, t) }}
        columns={[
          { title: '', width: 110, render: (_, { channel }) => <ChannelMark channel={channel} /> },
          { title: 'ID', dataIndex: 'inboxId', width: 200 },
          {
            title: '',
            render: (_, inbox) => (
              <>
                <InboxStanding inbox={inbox} />
                {may('ticket.read') ? <QuietList inboxId={inbox.inboxId} /> : null}
              </>
            ),
          },
          {
            title: '',
            width: 130,
            render: (_, { inboxId, pause }) =>
              pause === undefined || !may('inbox.resume') ? null : (
                <Button size="small" loading={resume.isPending} onClick={() => resume.mutate(inboxId)}>
                  {t('inboxes.resume')}
                </Button>
              ),
          },
        ]}
      />
    </>
  )
}
