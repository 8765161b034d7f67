import App from 'antd/es/app'
import Button from 'antd/es/button'
import Table from 'antd/es/table'
import { answerOf, v1 } from '../api/v1.ts'
import { useSession } from '../shell/session.ts'
import { exactTime, spanOf } from '../shell/time.ts'
import { useWords } from '../words/admin.ts'
import { workName, type Health } from './health-concerns.ts'
import { once, useAdminAct } from './use-admin.ts'

type Job = Health['jobs'][number]
type Dead = Health['deadJobs'][number]
type Timer = Health['timers'][number]
type Failing = Health['failingTimers'][number]

const replayOne = (id: string) =>
  answerOf(v1.POST('/system/jobs/{id}/replay', { params: { path: { id }, header: once() } }))

/** Asks with the name and the number of what is replayed. */
const useReplay = () => {
  const t = useWords()
  const { modal } = App.useApp()
  const replay = useAdminAct(async (ids: readonly string[]) => {
    for (const id of ids) await replayOne(id)
  }, 'done.replayed-job')
  const ask = (title: string, ids: readonly string[]): void => {
    const buttons = { okText: t('health.replay.do'), cancelText: t('cancel') }
    void modal.confirm({ title, ...buttons, onOk: () => replay.mutate(ids) })
  }
  return {
    pending: replay.isPending,
    one: ({ id, kind }: Dead): void =>
      ask(t('health.replay.sure', { name: workName(kind, t), id: id.slice(-12) }), [id]),
    all: (dead: readonly Dead[]): void =>
      ask(
        t('health.replay.all.sure', { n: dead.length }),
        dead.map(({ id }) => id),
      ),
  }
}

const DeadJobs = ({ dead }: { readonly dead: readonly Dead[] }) => {
  const t = useWords()
  const { may } = useSession()
  const replay = useReplay()
  const mayReplay = may('system.manage')
  if (dead.length === 0) return null
  return (
    <>
      <header className="page-head">
        <h3>{t('health.dead-jobs')}</h3>
        {mayReplay && dead.length > 1 ? (
          <Button size="small" loading={replay.pending} onClick={() => replay.all(dead)}>
            {t('health.replay.all', { n: dead.length })}
          </Button>
        ) : null}
      </header>
      <Table<Dead>
        size="small"
        rowKey="id"
        dataSource={[...dead]}
        pagination={{ pageSize: 10, hideOnSinglePage: true }}
        columns={[
          { title: t('health.kind'), width: 180, render: (_, { kind }) => workName(kind, t) },
          {
            title: t('health.last-error'),
            render: (_, { error, diedAt, tries }) => (
              <>
                <bdi>{error}</bdi>
                <p className="delivery">
                  {exactTime(diedAt)} · {t('health.tries', { n: tries })}
                </p>
              </>
            ),
          },
          {
            title: '',
            width: 90,
            render: (_, job) =>
              mayReplay ? (
                <Button size="small" loading={replay.pending} onClick={() => replay.one(job)}>
                  {t('health.replay')}
                </Button>
              ) : null,
          },
        ]}
      />
    </>
  )
}

/** What is still to be sent, and the background jobs. */
export const HealthQueues = ({ outbox, jobs, deadJobs }: Pick<Health, 'outbox' | 'jobs' | 'deadJobs'>) => {
  const t = useWords()
  return (
    <section aria-label={t('health.queues')}>
      <h2>{t('health.queues')}</h2>
      {outbox === undefined ? null : (
        <>
          <h3>{t('health.outbox')}</h3>
          <dl className="facts">
            <dt>{t('health.outbox.queued')}</dt>
            <dd>{outbox.queued}</dd>
            <dt>{t('health.outbox.waiting')}</dt>
            <dd>{outbox.waiting}</dd>
            {outbox.oldestQueuedAt === undefined ? null : (
              <>
                <dt>{t('health.outbox.oldest')}</dt>
                <dd>{exactTime(outbox.oldestQueuedAt)}</dd>
              </>
            )}
          </dl>
        </>
      )}
      <Table<Job>
        size="small"
        rowKey="kind"
        dataSource={jobs.filter(({ kind }) => !kind.startsWith('__'))}
        pagination={false}
        locale={{ emptyText: t('admin.none') }}
        columns={[
          { title: t('health.kind'), render: (_, { kind }) => workName(kind, t) },
          { title: t('health.waiting'), dataIndex: 'waiting', width: 90 },
          { title: t('health.running'), dataIndex: 'running', width: 90 },
          {
            title: t('health.dead'),
            width: 90,
            render: (_, { dead }) => (dead === 0 ? 0 : <span className="chip due-over">{dead}</span>),
          },
          {
            title: t('health.late'),
            width: 120,
            render: (_, { lateMs }) => (lateMs === 0 ? '—' : spanOf(lateMs, t)),
          },
        ]}
      />
      <DeadJobs dead={deadJobs} />
    </section>
  )
}

/** Moments that are set, and those whose work failed. */
export const HealthTimers = ({ timers, failingTimers }: Pick<Health, 'timers' | 'failingTimers'>) => {
  const t = useWords()
  return (
    <section aria-label={t('health.timers')}>
      <h2>{t('health.timers')}</h2>
      <Table<Timer>
        size="small"
        rowKey="kind"
        dataSource={[...timers]}
        pagination={false}
        locale={{ emptyText: t('admin.none') }}
        columns={[
          { title: t('health.kind'), render: (_, { kind }) => workName(kind, t) },
          { title: t('health.pending'), dataIndex: 'pending', width: 90 },
          {
            title: t('health.failing'),
            width: 90,
            render: (_, { failing }) =>
              failing === 0 ? 0 : <span className="chip due-over">{failing}</span>,
          },
          {
            title: t('health.late'),
            width: 120,
            render: (_, { lateMs }) => (lateMs === 0 ? '—' : spanOf(lateMs, t)),
          },
        ]}
      />
      {failingTimers.map(({ kind, key, error, attempts, nextTryAt }: Failing) => (
        <p key={`${kind} ${key}`} className="delivery bad">
          {workName(kind, t)} <bdi>{error}</bdi> · {t('health.tries', { n: attempts })} ·{' '}
          {t('health.next-try', { at: exactTime(nextTryAt) })}
        </p>
      ))}
    </section>
  )
}
