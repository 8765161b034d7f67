import type { Command } from 'commander'
import { withStore } from '../app/with-store.ts'
import { TongdaError } from '../core/errors.ts'
import type { DeadJob, JobWatch } from '../core/jobs.ts'
import { visitJobs } from '../jobs/index.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'

const withJobs = (command: Command, work: (jobs: JobWatch) => Promise<void>): Promise<void> =>
  withStore(loadConfig(command), {
    // A job that is given its tries again is there already.
    reads: true,
    here: visitJobs,
    there: ({ jobs }) => Promise.resolve(jobs),
    work: async (jobs) => work(await jobs),
  })

const atOnce = 1_000

const line = ({ id, kind, tries, diedAt, error }: DeadJob): string =>
  `${id}  ${diedAt.toISOString()}  ${kind}  ${String(tries)} 次 tries  ${error.split('\n')[0] ?? ''}`

/** Those meant by a kind, or all. */
const meant = async (jobs: JobWatch, kind: string | undefined): Promise<readonly DeadJob[]> =>
  (await jobs.dead(atOnce)).filter((job) => kind === undefined || job.kind === kind)

const replayMany = async (jobs: JobWatch, kind: string | undefined): Promise<void> => {
  let replayed = 0
  for (const { id } of await meant(jobs, kind)) if (await jobs.replay(id)) replayed += 1
  print(`✓ 重新排队 queued again: ${String(replayed)}`)
}

const replayOne = async (jobs: JobWatch, id: string): Promise<void> => {
  if (!(await jobs.replay(id)))
    throw new TongdaError(
      'not_found',
      `没有这个失败的任务 there is no such dead job: ${id}; npm run -s tongda -- jobs dead 列出它们 lists them`,
    )
  print(`✓ 重新排队 queued again: ${id}`)
}

const addReplay = (jobs: Command): void => {
  jobs
    .command('replay [id]')
    .description('把失败的任务重新排队 give a dead job all its tries again')
    .option('--all', '全部失败的任务 all dead ones')
    .option('-k, --kind <kind>', '这一类失败的任务 all dead ones of this kind')
    .addHelpText('after', '\nExample:\n  npm run -s tongda -- jobs replay --kind send-identity-code')
    .action(async (id: string | undefined, options: { all?: boolean; kind?: string }, command: Command) => {
      const many = options.all === true || options.kind !== undefined
      if (many === (id !== undefined))
        throw new TongdaError(
          'bad_input',
          '给一个 id，或 --kind，或 --all，只能选一样 give an id, or --kind, or --all, one of them',
        )
      await withJobs(command, (all) =>
        id === undefined ? replayMany(all, options.kind) : replayOne(all, id),
      )
    })
}

/** Adds `tongda jobs`. */
export const addJobs = (program: Command): void => {
  const jobs = program
    .command('jobs')
    .description('后台任务 background jobs; 产品运行时也可用 works while the product runs')
  jobs
    .command('list')
    .description('各类任务的数量 how many wait, run and are dead')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      await withJobs(command, async (all) => {
        const kinds = await all.depth()
        if (options.json === true) print(JSON.stringify(kinds))
        else
          for (const { kind, waiting, running, dead, lateMs } of kinds)
            print(
              `${kind}  等待 waiting ${String(waiting)}  运行 running ${String(running)}  失败 dead ${String(dead)}  晚 late ${String(Math.round(lateMs / 1_000))} s`,
            )
      })
    })
  jobs
    .command('dead')
    .description('失败的任务，最近的在前 dead jobs, the latest first')
    .option('-k, --kind <kind>', '只看这一类 only this kind')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean; kind?: string }, command: Command) => {
      await withJobs(command, async (all) => {
        const dead = await meant(all, options.kind)
        if (options.json === true) print(JSON.stringify(dead))
        else for (const job of dead) print(line(job))
      })
    })
  addReplay(jobs)
}
